// reflected.h — a source text on its way: written to a file, reflected, compiled,
// loaded.

#ifndef HM_TESTS_SUPPORT_REFLECTED_H
#define HM_TESTS_SUPPORT_REFLECTED_H

#include <hamilton/diagnostics.h>
#include <hamilton/module.h>

#include "base/digest.h"
#include "reflect/reflect.h"
#include "tests/support/temporary_folder.h"

typedef struct hm_reflected {
    hm_temporary_folder folder; // of the files
    char path[128];             // of the source: features.c in the folder
    hm_status status;
    hm_error error;
    hm_diagnostics *faults;
    hm_reflection *reflection;
    void *library;
    const hm_module *module;
} hm_reflected;

// Makes the folder.
void hm_reflected_init(hm_reflected *reflected);
void hm_reflected_finish(hm_reflected *reflected);

// Writes a file into the folder.
void hm_reflected_write(hm_reflected *reflected, const char *name, const char *text);

// Reflects features.c, in this process.
void hm_reflected_read(
        hm_reflected *reflected, const char *const *flags, size_t flag_count);

// Init, write and read of one source. The test fails if there are faults.
void hm_reflected_source(hm_reflected *reflected, const char *source);

// The compilers of this machine among those that modules are made for.
size_t hm_reflected_compilers(const char *compilers[2]);

// Compiles what was written, all warnings being errors, and loads it.
void hm_reflected_load(hm_reflected *reflected, const char *compiler);

// The same in `parts` compilations.
void hm_reflected_load_parts(
        hm_reflected *reflected, const char *compiler, unsigned parts);

// The function of a name; the test fails if there is none. The module is loaded.
const hm_function *hm_reflected_function(
        const hm_reflected *reflected, const char *name);

// The code version of a function, from the written text.
void hm_reflected_version(
        const hm_reflected *reflected, const char *name, char version[HM_DIGEST_SIZE]);

// The fault in a line whose message and mend have these parts, or NULL. 0 is any line;
// mend may be NULL.
const hm_diagnostic *hm_reflected_fault(const hm_reflected *reflected, unsigned line,
        const char *message, const char *mend);

#endif
