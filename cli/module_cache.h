// module_cache.h — compiled modules, kept from call to call in a folder of the user's.
//
//     $XDG_CACHE_HOME/hamilton/<key>.manifest    what a module was made of
//     $XDG_CACHE_HOME/hamilton/<digest>.so       named by the digest of its own bytes
//
// A key stands for a C file and how it is compiled. Its manifest names the shared
// object, every file that was read to make it with that file's digest, and every place
// where a file would be read instead: what has changed makes the entry stale. So an
// entry is checked by reading some files, without libclang.
//
// The folder holds code that will be run, so one that is not ours, or that others can
// write, is refused. Files come into it by renaming, whole; any number of processes may
// add at once, and the last one wins.

#ifndef HM_CLI_MODULE_CACHE_H
#define HM_CLI_MODULE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include <hamilton/status.h>

#include "cli/session.h"
#include "reflect/reflect.h"

typedef struct hm_module_cache {
    const char *folder; // NULL if modules cannot be kept; the user was warned
} hm_module_cache;

// Finds or makes the folder. Refused if it is not safe; a warning if there cannot be
// one.
hm_status hm_module_cache_open(hm_session *session, hm_module_cache *cache);

// The shared object of a key, or NULL if there is none that is still valid.
hm_status hm_module_cache_find(hm_session *session, const hm_module_cache *cache,
        const char *key, const char **path);

// A new folder to build in: in the cache's, so that results can be renamed; where that
// cannot be written, among temporary files, and nothing is kept. The caller removes it.
hm_status hm_module_cache_scratch(
        hm_session *session, hm_module_cache *cache, const char **folder);

// Moves the shared object at *path into the cache, made of this reflection since then;
// *path becomes where it is then. Where that is not possible, or a file has changed
// meanwhile, nothing happens: the module is good for once.
hm_status hm_module_cache_add(hm_session *session, const hm_module_cache *cache,
        const char *key, const hm_reflection *reflection, struct timespec since,
        const char **path);

#endif
