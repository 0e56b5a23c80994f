// wanted.c — see wanted.h.

#include "base/wanted.h"

#include <string.h>

enum { MOST = 160 };

void hm_wanted_names(hm_text *text, const hm_planned *planned) {
    uint32_t left_out = 0;
    size_t begin = text->length;
    for (uint32_t n = 0; n < planned->node_count; n++) {
        const hm_planned_node *node = &planned->nodes[n];
        if (!node->is_wanted) {
            continue;
        }
        bool is_first = text->length == begin;
        if (!is_first && text->length - begin + strlen(node->name) > MOST) {
            left_out++;
            continue;
        }
        hm_text_append(text, is_first ? "" : ",");
        hm_text_append(text, node->name);
    }
    if (left_out > 0) {
        hm_text_format(text, ",+%u", (unsigned)left_out);
    }
}
