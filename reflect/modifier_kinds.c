// modifier_kinds.c — all modifiers of <hamilton/modifiers.h>, a row for each.

#include <string.h>

#include "base/names.h"
#include "reflect/modifiers.h"

enum { ANY = 1000000 };

static const hm_modifier_kind kinds[] = {
        {.macro = "HM_EXCLUDE",
                .name = "exclude",
                .stands = HM_ON_NODE | HM_ON_HELPER,
                .arguments = "",
                .usage = "write HM_EXCLUDE",
                .is_single = true},
        {.macro = "HM_DEFAULT",
                .name = "default",
                .stands = HM_ON_PARAMETER,
                .arguments = "v",
                .least = 1,
                .most = 1,
                .usage = "write HM_DEFAULT(value)",
                .is_single = true},
        {.macro = "HM_NULLABLE",
                .name = "nullable",
                .stands = HM_ON_PARAMETER,
                .arguments = "",
                .usage = "write HM_NULLABLE",
                .is_single = true},
        {.macro = "HM_TIME",
                .name = "time",
                .stands = HM_ON_NODE | HM_ON_CALLEE | HM_ON_PARAMETER,
                .arguments = "n",
                .least = 1,
                .most = 1,
                .usage = "write HM_TIME(s), or ms, us, ns or day",
                .is_single = true},
        {.macro = "HM_TAG",
                .name = "tag",
                .stands = HM_ON_NODE | HM_ON_CALLEE,
                .arguments = "nv",
                .least = 2,
                .most = ANY,
                .usage = "write HM_TAG(key, value, ...)"},
        {.macro = "HM_WHEN",
                .name = "when",
                .stands = HM_ON_NODE,
                .arguments = "nv",
                .least = 2,
                .most = ANY,
                .usage = "write HM_WHEN(key, value, ...)"},
        {.macro = "HM_WHEN_NOT",
                .name = "when_not",
                .stands = HM_ON_NODE,
                .arguments = "nv",
                .least = 2,
                .most = ANY,
                .usage = "write HM_WHEN_NOT(key, value, ...)"},
        {.macro = "HM_OTHERWISE",
                .name = "otherwise",
                .stands = HM_ON_NODE,
                .arguments = "",
                .usage = "write HM_OTHERWISE",
                .is_single = true},
        {.macro = "HM_NAME",
                .name = "name",
                .stands = HM_ON_NODE,
                .arguments = "n",
                .least = 1,
                .most = 1,
                .usage = "write HM_NAME(node)",
                .is_single = true},
        {.macro = "HM_EXTRACT_FIELDS",
                .name = "extract_fields",
                .stands = HM_ON_NODE,
                .arguments = "n",
                .most = ANY,
                .usage = "write HM_EXTRACT_FIELDS(), or HM_EXTRACT_FIELDS(field, ...)",
                .is_single = true},
        {.macro = "HM_INJECT",
                .name = "inject",
                .stands = HM_ON_NODE,
                .arguments = "a",
                .least = 1,
                .most = ANY,
                .usage = "write HM_INJECT(binding, ...), where a binding is "
                         "HM_SOURCE(parameter, node), HM_VALUE(parameter, literal) or "
                         "HM_GROUP(parameter, member, ...)",
                .has_bindings = true,
                .is_single = true},
        {.macro = "HM_PARAMETERIZE",
                .name = "parameterize",
                .stands = HM_ON_NODE,
                .arguments = "na",
                .least = 1,
                .most = ANY,
                .usage = "write HM_PARAMETERIZE(node, binding, ...), where a binding "
                         "is HM_SOURCE(parameter, node), HM_VALUE(parameter, "
                         "literal) or HM_GROUP(parameter, member, ...)",
                .has_bindings = true,
                .first_binding = 1},
        {.macro = "HM_STATEFUL",
                .name = "stateful",
                .stands = HM_ON_NODE | HM_ON_HELPER,
                .arguments = "",
                .usage = "write HM_STATEFUL",
                .is_single = true},
        {.macro = "HM_REDUCE",
                .name = "reduce",
                .stands = HM_ON_NODE | HM_ON_CALLEE,
                .arguments = "n",
                .least = 1,
                .most = 1,
                .usage = "write HM_REDUCE(function)",
                .is_single = true},
        {.macro = "HM_SWITCH",
                .name = "switch",
                .stands = HM_ON_NODE,
                .arguments = "nv",
                .least = 1,
                .most = ANY,
                .usage = "write HM_SWITCH(parameter), or HM_SWITCH(parameter, value, "
                         "...) with a value for each branch",
                .is_single = true},
        {.macro = "HM_CHECK_RANGE",
                .name = "check_range",
                .stands = HM_ON_NODE,
                .arguments = "v",
                .most = ANY,
                .usage = "write HM_CHECK_RANGE(low, high, fail), or warn"},
        {.macro = "HM_CHECK_FINITE",
                .name = "check_finite",
                .stands = HM_ON_NODE,
                .arguments = "v",
                .most = ANY,
                .usage = "write HM_CHECK_FINITE(fail), or warn"},
        {.macro = "HM_CHECK_VALUES_IN",
                .name = "check_values_in",
                .stands = HM_ON_NODE,
                .arguments = "v",
                .most = ANY,
                .usage = "write HM_CHECK_VALUES_IN(value, ..., fail), or warn"},
        {.macro = "HM_CHECK_MAX_NAN_FRACTION",
                .name = "check_max_nan_fraction",
                .stands = HM_ON_NODE,
                .arguments = "v",
                .most = ANY,
                .usage = "write HM_CHECK_MAX_NAN_FRACTION(0.1, fail), or warn"},
        {.macro = "HM_CHECK_MAX_STD_DEV",
                .name = "check_max_std_dev",
                .stands = HM_ON_NODE,
                .arguments = "v",
                .most = ANY,
                .usage = "write HM_CHECK_MAX_STD_DEV(deviation, fail), or warn"},
        {.macro = "HM_CHECK_MEAN_IN_RANGE",
                .name = "check_mean_in_range",
                .stands = HM_ON_NODE,
                .arguments = "v",
                .most = ANY,
                .usage = "write HM_CHECK_MEAN_IN_RANGE(low, high, fail), or warn"},
        {.macro = "HM_CHECK_CONTAINS",
                .name = "check_contains",
                .stands = HM_ON_NODE,
                .arguments = "v",
                .most = ANY,
                .usage = "write HM_CHECK_CONTAINS(\"text\", fail), or warn"},
        {.macro = "HM_DESTROYS",
                .name = "destroys",
                .stands = HM_ON_HELPER,
                .arguments = "",
                .usage = "write HM_DESTROYS",
                .is_single = true},
};

enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

const hm_modifier_kind *hm_modifier_nearest(const char *macro) {
    const hm_modifier_kind *nearest = NULL;
    size_t distance = hm_names_tolerance(macro) + 1;
    for (size_t i = 0; i < KIND_COUNT; i++) {
        size_t found = hm_names_distance(macro, kinds[i].macro, distance);
        if (found < distance) {
            distance = found;
            nearest = &kinds[i];
        }
    }
    return nearest;
}

const hm_modifier_kind *hm_modifier_kind_find(const char *name) {
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (strcmp(name, kinds[i].name) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}
