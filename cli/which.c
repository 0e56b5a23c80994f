// which.c — see which.h.

#include "cli/which.h"

#include <string.h>

hm_status hm_which_read(
        hm_session *session, const char *text, size_t length, hm_which_nodes *which) {
    *which = (hm_which_nodes){0};
    if (length == 1 && text[0] == '*') {
        return HM_OK;
    }
    bool is_tag = length > 0 && text[0] == '@';
    const char *name = hm_arena_slice(&session->arena, text + is_tag, length - is_tag);
    *(is_tag ? &which->tag : &which->node) = name;
    return name != NULL ? HM_OK : hm_session_no_memory(session);
}

bool hm_which_word(const char **text, const char **word, size_t *length) {
    if (**text == '\0') {
        return false;
    }
    *word = *text;
    *length = strcspn(*text, ",");
    *text += *length + ((*text)[*length] == ',');
    return true;
}
