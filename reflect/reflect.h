// reflect.h — from a C file to the text of its module tables. Needs libclang, so it
// lives in a shared object of its own that the command line loads only when it must
// reflect.

#ifndef HM_REFLECT_REFLECT_H
#define HM_REFLECT_REFLECT_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/status.h>

#include "base/diagnostics.h"

typedef struct hm_reflect_options {
    const char *path; // the C file, as it is to appear in messages
    const char *const
            *flags; // the compiler's flags that change its meaning: -I, -D, -std=
    size_t flag_count;
    const char *include_folder; // where <hamilton/module.h> is
} hm_reflect_options;

typedef struct hm_reflection {
    const char *name; // of the module: the file's stem
    const char *text; // the C file that defines `const hm_module NAME_module`

    // How many compilations the text may be split into at most, and should be where
    // there are processors for them: each with -DHM_PARTS=n -DHM_PART=k for its k from
    // 0 on, linked together with -Wl,--allow-multiple-definition. 1 if the module is
    // small, or keeps state, of which each part would have its own. In one part, the
    // two macros need not be defined.
    size_t part_count;

    // The absolute paths of the file itself and of all that it includes, system headers
    // too: when one changes, the reflection is stale.
    const char *const *files;
    size_t file_count;

    // Where there is no file; if there was one, it could be included instead of one of
    // the above.
    const char *const *absent;
    size_t absent_count;

    // Every function that the file defines with external linkage: to be compiled with
    // -fno-builtin-NAME.
    const char *const *functions;
    size_t function_count;
} hm_reflection;

// Reads the file and reports all its faults; the status is that of the first. The
// caller destroys *reflection.
typedef hm_status hm_reflect_function(const hm_reflect_options *options,
        hm_reflection **reflection, hm_faults *faults);

// What the shared object exports, under the name hm_reflector.
typedef struct hm_reflector {
    const char *version; // HM_VERSION of the build that it belongs to
    hm_reflect_function *reflect;
    void (*destroy)(hm_reflection *reflection); // accepts NULL
} hm_reflector;

#endif
