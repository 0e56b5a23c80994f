// formats.c — see formats.h.

#include "cli/formats.h"

#include <stdbool.h>
#include <string.h>

#include <hamilton/data_format.h>

#include "base/data_use.h"
#include "base/error.h"
#include "cli/component.h"

// A component that has formats, and the function that lists them.
typedef struct hm_format_source {
    hm_component component;
    const char *lister;
    const char *formats[4]; // that it has, NULL after the last
} hm_format_source;

static const hm_format_source sources[] = {
        {{.name = "duckdb",
                 .needs = "DuckDB",
                 .mend = "build and install hamilton where DuckDB is; ./dev setup "
                         "fetches it"},
                "hm_duckdb_formats", {"parquet", "duckdb"}},
        {{.name = "sqlite",
                 .needs = "SQLite",
                 .mend = "build and install hamilton where libsqlite3-dev is; ./dev "
                         "setup installs it"},
                "hm_sqlite_formats", {"sqlite"}},
        {{.name = "redis",
                 .needs = "hiredis",
                 .mend = "build and install hamilton where libhiredis-dev is; ./dev "
                         "setup installs it"},
                "hm_redis_formats", {"redis"}},
};
enum { SOURCE_COUNT = sizeof sources / sizeof *sources };

static const hm_format_source *source_of(const char *format) {
    for (size_t s = 0; s < SOURCE_COUNT; s++) {
        for (size_t f = 0; sources[s].formats[f] != NULL; f++) {
            if (strcmp(sources[s].formats[f], format) == 0) {
                return &sources[s];
            }
        }
    }
    return NULL;
}

// What a function's modifiers name, at its first place.
static hm_status note(hm_session *session, const hm_function *function,
        const char *named[SOURCE_COUNT]) {
    for (size_t m = 0; m < function->modifier_count; m++) {
        const hm_modifier *modifier = &function->modifiers[m];
        bool uses = (hm_is_load_from(modifier) || hm_is_save_to(modifier)) &&
                    modifier->argument_count > 0;
        const hm_format_source *source =
                uses ? source_of(modifier->arguments[0].text) : NULL;
        if (source != NULL && named[source - sources] == NULL) {
            const char *text = hm_session_text(session, "the format `%s` of `%s`",
                    modifier->arguments[0].text, function->name);
            if (text == NULL) {
                return hm_session_no_memory(session);
            }
            named[source - sources] = text;
        }
    }
    return HM_OK;
}

typedef const hm_data_format *const *hm_format_lister(size_t *count);

static hm_status add(hm_session *session, const hm_format_source *source,
        const char *what, hm_driver_options *options) {
    hm_format_lister *lister;
    const hm_component_function function = {source->lister, &lister};
    HM_TRY(hm_component_load(session, &source->component, what, &function, 1));
    size_t count;
    const hm_data_format *const *listed = lister(&count);
    const hm_data_format **formats = hm_arena_array(
            &session->arena, options->format_count + count, sizeof *formats);
    if (formats == NULL) {
        return hm_session_no_memory(session);
    }
    for (size_t i = 0; i < options->format_count + count; i++) {
        formats[i] = i < options->format_count ? options->formats[i]
                                               : listed[i - options->format_count];
    }
    options->formats = formats;
    options->format_count += count;
    return HM_OK;
}

hm_status hm_formats_load(hm_session *session, const hm_module *const *modules,
        size_t module_count, hm_driver_options *options) {
    const char *named[SOURCE_COUNT] = {0};
    for (size_t i = 0; i < module_count; i++) {
        for (size_t f = 0; f < modules[i]->function_count; f++) {
            HM_TRY(note(session, &modules[i]->functions[f], named));
        }
    }
    hm_status first = HM_OK;
    for (size_t s = 0; s < SOURCE_COUNT; s++) {
        hm_status status =
                named[s] != NULL ? add(session, &sources[s], named[s], options) : HM_OK;
        first = first == HM_OK ? status : first;
    }
    return first;
}
