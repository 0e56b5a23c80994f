// check_names.c — parameters, outputs and tags: no name twice.

#include <string.h>

#include "base/error.h"
#include "base/names.h"
#include "graph/check.h"
#include "graph/modifiers/modifier.h"

// A list of names in which none may stand twice: the name at index, or NULL for none.
typedef const char *hm_name_at(const hm_function *function, size_t index);

// All that are parameters in C: outputs too, unless they are called `out` there.
static const char *parameter_name(const hm_function *function, size_t index) {
    if (index < function->parameter_count) {
        return function->parameters[index].name;
    }
    index -= function->parameter_count;
    if (index < function->dimension_count) {
        return function->dimensions[index];
    }
    const char *name = function->outputs[index - function->dimension_count].name;
    return name == NULL || strcmp(name, function->name) == 0 ? NULL : name;
}

static const char *output_name(const hm_function *function, size_t index) {
    return function->outputs[index].name;
}

static const char *tag_key(const hm_function *function, size_t index) {
    const hm_modifier *modifier = &function->modifiers[index];
    return strcmp(modifier->name, hm_rule_tag.name) == 0 ? modifier->arguments[0].text
                                                         : NULL;
}

static const char *parameterized_name(const hm_function *function, size_t index) {
    const hm_modifier *modifier = &function->modifiers[index];
    return strcmp(modifier->name, hm_rule_parameterize.name) == 0
                   ? modifier->arguments[0].text
                   : NULL;
}

static const char *subdag_name(const hm_function *function, size_t index) {
    const hm_modifier *modifier = &function->modifiers[index];
    return strcmp(modifier->name, hm_rule_subdag_as.name) == 0
                   ? modifier->arguments[0].text
                   : NULL;
}

enum { COMPARED_ONE_BY_ONE = 8 };

// The index of the first name that stood before, or count.
static size_t twice_among_few(
        const hm_function *function, hm_name_at *name, size_t count) {
    for (size_t i = 1; i < count; i++) {
        const char *later = name(function, i);
        for (size_t k = 0; k < i && later != NULL; k++) {
            const char *earlier = name(function, k);
            if (earlier != NULL && strcmp(earlier, later) == 0) {
                return i;
            }
        }
    }
    return count;
}

// The same, in *twice.
static hm_status find_twice(
        hm_check *check, hm_name_at *name, size_t count, size_t *twice) {
    if (count <= COMPARED_ONE_BY_ONE) {
        *twice = twice_among_few(check->function, name, count);
        return HM_OK;
    }
    hm_names seen;
    hm_names_init(&seen, check->build->options->allocator);
    hm_status status = HM_OK;
    *twice = count;
    for (size_t i = 0; i < *twice && status == HM_OK; i++) {
        const char *each = name(check->function, i);
        uint32_t *number = each != NULL ? hm_names_put(&seen, each) : NULL;
        if (each != NULL && number == NULL) {
            status = HM_NO_MEMORY;
        } else if (each != NULL) {
            *twice = *number != HM_NAMES_ABSENT ? i : count;
            *number = 0;
        }
    }
    hm_names_finish(&seen);
    return status;
}

static hm_status check_twice(
        hm_check *check, hm_name_at *name, size_t count, const char *what) {
    size_t twice;
    HM_TRY(find_twice(check, name, count, &twice));
    if (twice < count) {
        hm_check_complain(check, "rename one of them", "two %s are called `%s`", what,
                name(check->function, twice));
    }
    return HM_OK;
}

// The same of modifiers: name number i is modifier i's.
static hm_status check_modifiers_twice(
        hm_check *check, hm_name_at *name, const char *what) {
    const hm_function *function = check->function;
    size_t twice;
    HM_TRY(find_twice(check, name, function->modifier_count, &twice));
    if (twice < function->modifier_count) {
        check->modifier = &function->modifiers[twice];
        hm_check_complain(check, "rename one of them", "two %s are called `%s`", what,
                name(function, twice));
        check->modifier = NULL;
    }
    return HM_OK;
}

hm_status hm_check_names(hm_check *check) {
    const hm_function *function = check->function;
    HM_TRY(check_twice(check, parameter_name,
            function->parameter_count + function->dimension_count +
                    function->output_count,
            "parameters"));
    HM_TRY(check_twice(check, output_name, function->output_count, "outputs"));
    return HM_OK;
}

hm_status hm_check_modifier_names(hm_check *check) {
    HM_TRY(check_modifiers_twice(check, tag_key, "tags"));
    HM_TRY(check_modifiers_twice(check, subdag_name, "nodes of its HM_SUBDAG_AS"));
    return check_modifiers_twice(
            check, parameterized_name, "nodes of its HM_PARAMETERIZE");
}
