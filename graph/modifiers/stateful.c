// stateful.c — HM_STATEFUL: the reflector made it a flag of the function.

#include "graph/modifiers/modifier.h"

const hm_modifier_rule hm_rule_stateful = {
        .name = "stateful",
        .phase = HM_PHASE_METADATA,
};
