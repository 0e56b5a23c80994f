// exclude.c — HM_EXCLUDE and its kin: functions that are no nodes.

#include "graph/modifiers/modifier.h"

const hm_modifier_rule hm_rule_exclude = {
        .name = "exclude",
        .phase = HM_PHASE_CONDITIONS,
        .is_for_helpers = true,
};

// What these do stands in the type, where the reflector put it.
const hm_modifier_rule hm_rule_destroys = {
        .name = "destroys",
        .phase = HM_PHASE_CONDITIONS,
        .is_for_helpers = true,
};

const hm_modifier_rule hm_rule_writes = {
        .name = "writes",
        .phase = HM_PHASE_CONDITIONS,
        .is_for_helpers = true,
};

const hm_modifier_rule hm_rule_reads = {
        .name = "reads",
        .phase = HM_PHASE_CONDITIONS,
        .is_for_helpers = true,
};

const hm_modifier_rule hm_rule_hashes = {
        .name = "hashes",
        .phase = HM_PHASE_CONDITIONS,
        .is_for_helpers = true,
};
