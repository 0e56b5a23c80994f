// exclude.c — HM_EXCLUDE and its kin: functions that are no nodes.

#include "graph/modifiers/modifier.h"

static hm_status drop(hm_applying *applying, const hm_modifier *modifier) {
    (void)modifier;
    applying->definitions->count = applying->first;
    return HM_OK;
}

const hm_modifier_rule hm_rule_exclude = {
        .name = "exclude",
        .phase = HM_PHASE_CONDITIONS,
        .is_for_helpers = true,
        .apply = drop,
};

// What it destroys stands in the type, where the reflector put it.
const hm_modifier_rule hm_rule_destroys = {
        .name = "destroys",
        .phase = HM_PHASE_CONDITIONS,
        .is_for_helpers = true,
        .apply = drop,
};
