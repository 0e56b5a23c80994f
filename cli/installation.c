// installation.c — see installation.h. The build defines, as texts, HM_SOURCE_HEADERS,
// HM_LIBRARY_FOLDER: where libraries are installed, seen from the folder of the
// program, and HM_SUFFIX: how the names of our shared libraries end.

#include "cli/installation.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

const char *hm_installation_program(hm_session *session) {
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path);
    return length > 0 && (size_t)length < sizeof path
                   ? hm_session_text(session, "%.*s", (int)length, path)
                   : NULL;
}

// Its folder, or NULL.
static const char *program_folder(hm_session *session) {
    const char *path = hm_installation_program(session);
    const char *slash = path != NULL ? strrchr(path, '/') : NULL;
    return slash != NULL ? hm_session_text(session, "%.*s", (int)(slash - path), path)
                         : NULL;
}

static const char *existing(hm_session *session, const char *folder, const char *path) {
    const char *whole = hm_session_text(session, "%s/%s", folder, path);
    return whole != NULL && access(whole, R_OK) == 0 ? whole : NULL;
}

const char *hm_installation_headers(hm_session *session) {
    const char *folder = program_folder(session);
    if (folder != NULL &&
            existing(session, folder, "../include/hamilton/module.h") != NULL) {
        return hm_session_text(session, "%s/../include", folder);
    }
    return HM_SOURCE_HEADERS;
}

// The first of some places, which end with NULL, at which there is something.
static const char *first_existing(hm_session *session, const char *const *places) {
    const char *folder = program_folder(session);
    const char *found = NULL;
    for (size_t i = 0; folder != NULL && found == NULL && places[i] != NULL; i++) {
        found = existing(session, folder, places[i]);
    }
    return found;
}

const char *hm_installation_reflector(hm_session *session) {
    static const char *const places[] = {
            "../reflect/hamilton-reflect.so",
            HM_LIBRARY_FOLDER "/hamilton/hamilton-reflect.so",
            "../lib/hamilton/hamilton-reflect.so",
            "../lib64/hamilton/hamilton-reflect.so",
            NULL,
    };
    return first_existing(session, places);
}

const char *hm_installation_component(hm_session *session, const char *name) {
    const char *places[] = {
            hm_session_text(session, "../adapters/%s/libhamilton_%s" HM_SUFFIX, name,
                    name), // where it was built
            hm_session_text(
                    session, HM_LIBRARY_FOLDER "/libhamilton_%s" HM_SUFFIX, name),
            hm_session_text(session, "../lib/libhamilton_%s" HM_SUFFIX, name),
            hm_session_text(session, "../lib64/libhamilton_%s" HM_SUFFIX, name),
            NULL,
    };
    return first_existing(session, places);
}
