// exclude.c — HM_EXCLUDE and its kin: functions that are no nodes.

#include "graph/modifiers/modifier.h"

const hm_modifier_rule hm_rule_exclude = {
        .name = "exclude",
        .phase = HM_PHASE_CONDITIONS,
        .is_for_helpers = true,
};

// What it destroys stands in the type, where the reflector put it.
const hm_modifier_rule hm_rule_destroys = {
        .name = "destroys",
        .phase = HM_PHASE_CONDITIONS,
        .is_for_helpers = true,
};
