// parts.h — a module of many functions, compiled by several compilers at once.

#ifndef HM_CLI_PARTS_H
#define HM_CLI_PARTS_H

#include <stddef.h>

#include <hamilton/status.h>

#include "cli/session.h"
#include "cli/words.h"
#include "reflect/reflect.h"

// How many parts are worth their while on this machine.
size_t hm_parts_count(const hm_reflection *reflection);

// Compiles the parts of source, each by a process that is called as `command` says, and
// adds the objects, which are in folder, to `objects`. HM_BAD_ARGUMENT without a fault
// if a compiler failed; all have ended in any case.
hm_status hm_parts_compile(hm_session *session, const hm_words *command,
        const char *source, size_t count, const char *folder, hm_words *objects);

#endif
