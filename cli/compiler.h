// compiler.h — the C compiler: which one, and how it makes a module.

#ifndef HM_CLI_COMPILER_H
#define HM_CLI_COMPILER_H

#include <stdbool.h>

#include <hamilton/status.h>

#include "base/digest.h"
#include "base/text.h"
#include "cli/session.h"
#include "cli/words.h"
#include "reflect/reflect.h"

// What a module is compiled with, as the options say.
typedef struct hm_compiler {
    const char *path;      // of $CC, cc or gcc, found in PATH
    hm_words words;        // path, and what $CC says besides
    const char *headers;   // where <hamilton/module.h> is
    const char *processor; // what -march is
    hm_words flags;        // of the user, for reflecting and compiling
    hm_words linker_flags;
    const char *linked; // digest of the objects and archives that these name, or NULL
    bool debugs;        // with -g -O0
} hm_compiler;

// Finds the compiler and reads the options of the session.
hm_status hm_compiler_find(hm_session *session, hm_compiler *compiler);

// What every compiler of a module is told first, the same for all.
const hm_words *hm_compiler_fixed_flags(void);

// Adds to the digest all that decides what comes out besides the source: the compiler,
// without running it, its flags, the processor.
void hm_compiler_identify(const hm_compiler *compiler, hm_digest *digest);

// A node that is named as a function of the C library must not be taken for it, not
// even by the compiler's knowledge of what such a function does: appends the flags that
// say so, a line each.
void hm_compiler_append_name_flags(hm_text *text, const hm_reflection *reflection);

// Compiles a reflected module into the shared object at target. What is written on the
// way is in folder. The compiler's own messages go to standard error.
hm_status hm_compiler_run(hm_session *session, const hm_compiler *compiler,
        const hm_reflection *reflection, const char *folder, const char *target);

#endif
