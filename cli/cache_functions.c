// cache_functions.c — see cache_functions.h.

#include "cli/cache_functions.h"

#include "base/error.h"
#include "cli/component.h"

static const hm_component component = {
        .name = "cache",
        .needs = "SQLite and zstd",
        .mend = "build and install hamilton where they are; ./dev setup installs them",
};

hm_status hm_cache_functions_load(
        hm_session *session, const hm_cache_functions **functions) {
    static hm_cache_functions loaded;
    static bool is_loaded;
    static const hm_component_function wanted[] = {
            {"hm_cache_create", &loaded.create},
            {"hm_cache_destroy", &loaded.destroy},
            {"hm_cache_adapter", &loaded.adapter},
            {"hm_cache_count", &loaded.count},
            {"hm_cache_trouble", &loaded.trouble},
            {"hm_cache_settle", &loaded.settle},
            {"hm_cache_collect", &loaded.collect},
            {"hm_cache_clear", &loaded.clear},
            {"hm_cache_list", &loaded.list},
    };
    if (!is_loaded) {
        HM_TRY(hm_component_load(session, &component, "a cache", wanted,
                sizeof wanted / sizeof *wanted));
        is_loaded = true;
    }
    *functions = &loaded;
    return HM_OK;
}
