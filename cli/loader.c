// loader.c — see loader.h.

#include "cli/loader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/error.h"
#include "cli/compiler.h"
#include "cli/file.h"
#include "cli/interrupt.h"
#include "cli/module_cache.h"
#include "cli/reflector.h"

static hm_status open_library(
        hm_session *session, const char *path, hm_library **library) {
    // Without a slash the dynamic linker would look in its own folders.
    const char *place =
            strchr(path, '/') != NULL ? path : hm_session_text(session, "./%s", path);
    if (place == NULL) {
        return hm_session_no_memory(session);
    }
    hm_error error;
    hm_status status = hm_library_open(place, library, &error);
    return status == HM_OK
                   ? HM_OK
                   : hm_session_fail(session, status, NULL, "%s", error.message);
}

// What tells this module from all others: its file's place and bytes, and all that
// decides how it is compiled.
static hm_status make_key(hm_session *session, const hm_compiler *compiler,
        const char *path, char key[HM_DIGEST_SIZE]) {
    char source[HM_DIGEST_SIZE];
    if (!hm_file_digest(path, source)) {
        return hm_session_fail(
                session, HM_IO, NULL, "`%s` cannot be read: %s", path, strerror(errno));
    }
    hm_digest *digest = hm_digest_create();
    if (digest == NULL) {
        return hm_session_no_memory(session);
    }
    char *folder = path[0] == '/' ? NULL : getcwd(NULL, 0);
    hm_digest_add_text(digest, folder != NULL ? folder : "");
    free(folder);
    hm_digest_add_text(digest, path);
    hm_digest_add_text(digest, source);
    hm_reflector_identify(session, digest);
    hm_compiler_identify(compiler, digest);
    hm_digest_get(digest, key);
    hm_digest_destroy(digest);
    return HM_OK;
}

// Reflects and compiles in a scratch folder, and opens what comes out.
static hm_status build_in(hm_session *session, const hm_compiler *compiler,
        const hm_module_cache *cache, const char *key, const char *path,
        const char *scratch, hm_library **library) {
    struct timespec since;
    clock_gettime(CLOCK_REALTIME, &since);
    const char *built = hm_session_text(session, "%s/module.so", scratch);
    if (built == NULL) {
        return hm_session_no_memory(session);
    }
    hm_reflection *reflection;
    HM_TRY(hm_reflector_run(session, compiler, path, &reflection));
    hm_status status = hm_compiler_run(session, compiler, reflection, scratch, built);
    if (status == HM_OK) {
        status = hm_module_cache_add(session, cache, key, reflection, since, &built);
    }
    hm_reflector_destroy(reflection);
    return status == HM_OK ? open_library(session, built, library) : status;
}

static hm_status open_source(
        hm_session *session, const char *path, hm_library **library) {
    hm_compiler compiler;
    hm_module_cache cache;
    char key[HM_DIGEST_SIZE];
    HM_TRY(hm_compiler_find(session, &compiler));
    HM_TRY(make_key(session, &compiler, path, key));
    HM_TRY(hm_module_cache_open(session, &cache));
    const char *found;
    HM_TRY(hm_module_cache_find(session, &cache, key, &found));
    if (found != NULL) {
        return open_library(session, found, library);
    }
    hm_interrupt_hold();
    const char *scratch;
    hm_status status = hm_module_cache_scratch(session, &cache, &scratch);
    if (status == HM_OK) {
        status = build_in(session, &compiler, &cache, key, path, scratch, library);
        hm_file_remove_folder(scratch);
    }
    hm_interrupt_release();
    return status;
}

hm_status hm_loader_open(hm_session *session, const char *path, hm_library **library) {
    if (hm_file_has_suffix(path, ".c")) {
        return open_source(session, path, library);
    }
    if (!hm_file_has_suffix(path, ".so")) {
        return hm_session_fail(session, HM_BAD_ARGUMENT,
                "give a .c file, or a .so that `hamilton build` made",
                "`%s` is no module", path);
    }
    if (access(path, R_OK) != 0) {
        return hm_session_fail(
                session, HM_IO, NULL, "`%s` cannot be read: %s", path, strerror(errno));
    }
    return open_library(session, path, library);
}
