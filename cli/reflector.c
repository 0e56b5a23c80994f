// reflector.c — see reflector.h.

#include "cli/reflector.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <hamilton/module.h>
#include <hamilton/version.h>

#include "base/error.h"
#include "cli/file.h"
#include "cli/installation.h"

// Loaded once and never unloaded: libclang does not like to be.
static const hm_reflector *loaded;

static hm_status load(hm_session *session) {
    if (loaded != NULL) {
        return HM_OK;
    }
    const char *path = hm_installation_reflector(session);
    if (path == NULL) {
        return hm_session_fail(session, HM_IO,
                "install the whole of hamilton, or give a .so that `hamilton build` "
                "made",
                "hamilton-reflect.so, which reads C files, is not where it should be");
    }
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        return hm_session_fail(session, HM_IO, "install libclang, at least version 14",
                "C files cannot be read: %s", dlerror());
    }
    const hm_reflector *found = dlsym(library, "hm_reflector");
    if (found == NULL || strcmp(found->version, hm_version()) != 0) {
        return hm_session_fail(session, HM_BAD_MODULE, "install hamilton anew",
                "`%s` belongs to another version of hamilton than %s", path,
                hm_version());
    }
    loaded = found;
    return HM_OK;
}

hm_status hm_reflector_check_source(hm_session *session, const char *path) {
    if (!hm_file_has_suffix(path, ".c")) {
        return hm_session_fail(
                session, HM_BAD_ARGUMENT, NULL, "`%s` is no .c file", path);
    }
    if (access(path, R_OK) != 0) {
        return hm_session_fail(
                session, HM_IO, NULL, "`%s` cannot be read: %s", path, strerror(errno));
    }
    return HM_OK;
}

hm_status hm_reflector_run(hm_session *session, const hm_compiler *compiler,
        const char *path, hm_reflection **reflection) {
    HM_TRY(load(session));
    hm_words flags = {0};
    for (size_t i = 0; i < compiler->flags.count; i++) {
        HM_TRY(hm_words_add(session, &flags, compiler->flags.items[i]));
    }
    if (compiler->linked != NULL) { // the parser passes it by, code versions do not
        HM_TRY(hm_words_add(session, &flags, compiler->linked));
    }
    const hm_reflect_options options = {.path = path,
            .flags = flags.items,
            .flag_count = flags.count,
            .include_folder = compiler->headers};
    return loaded->reflect(&options, reflection, &session->faults);
}

void hm_reflector_destroy(hm_reflection *reflection) {
    if (loaded != NULL) {
        loaded->destroy(reflection);
    }
}

void hm_reflector_identify(hm_session *session, hm_digest *digest) {
    const char *path = hm_installation_reflector(session);
    struct stat status;
    hm_digest_add_text(digest, hm_version());
    const unsigned abi = HM_MODULE_ABI;
    hm_digest_add(digest, &abi, sizeof abi);
    if (path != NULL && stat(path, &status) == 0) {
        hm_digest_add(digest, &status.st_mtim, sizeof status.st_mtim);
        hm_digest_add(digest, &status.st_size, sizeof status.st_size);
    }
}
