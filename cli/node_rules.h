// node_rules.h — options that give nodes numbers: NODE=N, or `tagged`.

#ifndef HM_CLI_NODE_RULES_H
#define HM_CLI_NODE_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/retry.h>

#include "cli/session.h"

typedef struct hm_node_rules {
    bool is_given; // the option was, though perhaps only as `tagged`
    hm_node_rule *items;
    size_t count;
} hm_node_rules;

// Reads an option, each time it was given; of one node the last counts. Numbers are
// from 1 to most, and multiplied by scale.
hm_status hm_node_rules_read(hm_session *session, const char *option, uint32_t most,
        uint64_t scale, hm_node_rules *rules);

#endif
