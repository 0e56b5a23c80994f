// arguments.h — reads a command's options and operands from the command line.
//
// Options may stand before, between and after operands: -o x, -ox, --output x,
// --output=x. What follows -- is an operand, as is a single dash.

#ifndef HM_CLI_ARGUMENTS_H
#define HM_CLI_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/status.h>

#include "cli/session.h"

// Reads what follows the command's name into the session; all faults are reported.
// Keeps the texts.
hm_status hm_arguments_read(
        hm_session *session, size_t count, const char *const *arguments);

// The value of an option where it stood last, or NULL if it was not given.
const char *hm_arguments_value(const hm_session *session, const char *name);

// The number after an option, from 1 to most; *number is left alone if it was not
// given.
hm_status hm_arguments_number(
        hm_session *session, const char *name, uint32_t most, uint32_t *number);

// The number in a text, from 1 to most; else a fault which says what cannot be it.
hm_status hm_arguments_number_in(hm_session *session, const char *name,
        const char *text, uint32_t most, uint32_t *number);

// A value that is NAME=REST: the name, in the session's memory, and what is behind the
// equals sign. Else a fault, with what to write.
hm_status hm_arguments_split(hm_session *session, const hm_given *given,
        const char *mend, const char **name, const char **rest);

// The next place of an option from *at on, which moves behind it; or NULL.
const hm_given *hm_arguments_next(
        const hm_session *session, const char *name, size_t *at);

#endif
