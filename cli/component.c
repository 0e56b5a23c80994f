// component.c — see component.h.

#include "cli/component.h"

#include <dlfcn.h>
#include <string.h>

#include "base/error.h"
#include "cli/installation.h"

// Loaded once and never unloaded, as DuckDB's threads may be on their way out of it.
static hm_component loaded;
static bool is_loaded;

// C knows no way from an object's pointer to a function's but through its bytes.
static bool find(void *library, const char *name, void *function, size_t size) {
    void *symbol = dlsym(library, name);
    memcpy(function, &symbol, size);
    return symbol != NULL;
}

hm_status hm_component_load(
        hm_session *session, const char *what, const hm_component **component) {
    if (is_loaded) {
        *component = &loaded;
        return HM_OK;
    }
    const char *path = hm_installation_component(session);
    if (path == NULL) {
        return hm_session_fail(session, HM_IO,
                "build and install hamilton where DuckDB is; ./dev setup fetches it",
                "%s needs DuckDB, which this hamilton was built without", what);
    }
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        return hm_session_fail(session, HM_IO, "install DuckDB's library",
                "%s needs DuckDB, which cannot be loaded: %s", what, dlerror());
    }
    hm_component made;
    if (!find(library, "hm_duckdb_read", &made.read, sizeof made.read) ||
            !find(library, "hm_duckdb_table_destroy", &made.table_destroy,
                    sizeof made.table_destroy) ||
            !find(library, "hm_duckdb_name_count", &made.name_count,
                    sizeof made.name_count) ||
            !find(library, "hm_duckdb_name", &made.name, sizeof made.name) ||
            !find(library, "hm_duckdb_find", &made.find, sizeof made.find) ||
            !find(library, "hm_duckdb_write", &made.write, sizeof made.write)) {
        return hm_session_fail(session, HM_BAD_MODULE, "install hamilton anew",
                "`%s` belongs to another version of hamilton", path);
    }
    loaded = made;
    is_loaded = true;
    *component = &loaded;
    return HM_OK;
}
