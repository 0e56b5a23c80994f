// session.h — one call of the command line: its arguments, its memory and what went
// wrong.

#ifndef HM_CLI_SESSION_H
#define HM_CLI_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/status.h>

#include "base/arena.h"
#include "base/diagnostics.h"

typedef struct hm_command hm_command;
typedef struct hm_option hm_option;

// An option as it stood on the command line.
typedef struct hm_given {
    const hm_option *option;
    const char *value;  // "" for a flag
    const char *second; // of an option that takes two
} hm_given;

typedef struct hm_session {
    const hm_command *command;
    hm_arena arena; // texts and lists that live until the command ends

    // All faults of the call; they are printed when the command has ended.
    hm_faults faults;
    hm_error error;

    const hm_given *given;
    size_t given_count;
    const char *const *operands;
    size_t operand_count;
    bool wants_help;

    // So many of the faults were told to the user already.
    size_t told_count;

    // A deadline left nodes behind that still run: the process ends under them, and
    // nothing that they may use is given back before.
    bool has_left_nodes;
} hm_session;

// Adds a fault and returns its status. mend may be NULL; the message is a format.
hm_status hm_session_fail(hm_session *session, hm_status status, const char *mend,
        const char *format, ...) __attribute__((format(printf, 4, 5)));

// The same for memory that ran out.
hm_status hm_session_no_memory(hm_session *session);

// Text by a format that lives as long as the session, or NULL.
char *hm_session_text(hm_session *session, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

#endif
