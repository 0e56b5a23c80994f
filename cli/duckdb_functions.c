// duckdb_functions.c — see duckdb_functions.h.

#include "cli/duckdb_functions.h"

#include "base/error.h"
#include "cli/component.h"

static const hm_component component = {
        .name = "duckdb",
        .needs = "DuckDB",
        .mend = "build and install hamilton where DuckDB is; ./dev setup fetches it",
};

hm_status hm_duckdb_functions_load(
        hm_session *session, const char *what, const hm_duckdb_functions **functions) {
    static hm_duckdb_functions loaded;
    static bool is_loaded;
    static const hm_component_function wanted[] = {
            {"hm_duckdb_read", &loaded.read},
            {"hm_duckdb_table_destroy", &loaded.table_destroy},
            {"hm_duckdb_name_count", &loaded.name_count},
            {"hm_duckdb_name", &loaded.name},
            {"hm_duckdb_find", &loaded.find},
            {"hm_duckdb_write", &loaded.write},
    };
    if (!is_loaded) {
        HM_TRY(hm_component_load(
                session, &component, what, wanted, sizeof wanted / sizeof *wanted));
        is_loaded = true;
    }
    *functions = &loaded;
    return HM_OK;
}
