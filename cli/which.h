// which.h — which nodes an option is about: a name, @TAG for those with a tag, or * for
// all.

#ifndef HM_CLI_WHICH_H
#define HM_CLI_WHICH_H

#include <hamilton/status.h>

#include "cli/session.h"

// Both NULL: all nodes.
typedef struct hm_which_nodes {
    const char *node;
    const char *tag;
} hm_which_nodes;

// What the first bytes of a text are; in the session's memory.
hm_status hm_which_read(
        hm_session *session, const char *text, size_t length, hm_which_nodes *which);

// The words behind WHICH=, which commas separate: the next of them, and its length.
// False if there is none.
bool hm_which_word(const char **text, const char **word, size_t *length);

#endif
