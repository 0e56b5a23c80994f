// time.c — HM_TIME: the reflector made it the type of the function's own output.

#include "graph/modifiers/modifier.h"

const hm_modifier_rule hm_rule_time = {
        .name = "time",
        .phase = HM_PHASE_METADATA,
        .fewest_arguments = 1,
        .most_arguments = 1,
};
