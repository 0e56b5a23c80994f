// node_rules.c — see node_rules.h.

#include "cli/node_rules.h"

#include <string.h>

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/command.h"

static hm_node_rule *place_of(hm_node_rules *rules, const char *node) {
    for (size_t i = 0; i < rules->count; i++) {
        if (strcmp(rules->items[i].node, node) == 0) {
            return &rules->items[i];
        }
    }
    return &rules->items[rules->count++];
}

hm_status hm_node_rules_read(hm_session *session, const char *option, uint32_t most,
        uint64_t scale, hm_node_rules *rules) {
    *rules = (hm_node_rules){.items = hm_arena_array(&session->arena,
                                     session->given_count, sizeof *rules->items)};
    if (rules->items == NULL) {
        return hm_session_no_memory(session);
    }
    size_t at = 0;
    const hm_given *given;
    while ((given = hm_arguments_next(session, option, &at)) != NULL) {
        rules->is_given = true;
        if (strcmp(given->value, "tagged") == 0) {
            continue;
        }
        const char *node;
        const char *text;
        uint32_t number;
        const char *mend =
                hm_session_text(session, "write %s, or tagged", given->option->operand);
        if (mend == NULL) {
            return hm_session_no_memory(session);
        }
        HM_TRY(hm_arguments_split(session, given, mend, &node, &text));
        HM_TRY(hm_arguments_number_in(session, option, text, most, &number));
        *place_of(rules, node) = (hm_node_rule){node, number * scale};
    }
    return HM_OK;
}
