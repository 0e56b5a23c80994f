// data.c — see data.h.

#include "cli/data.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/dataflow.h"

static const char query_mark[] = "duckdb:";

static bool has_suffix(const char *path, const char *suffix) {
    const char *slash = strrchr(path, '/');
    const char *found = strrchr(slash != NULL ? slash : path, '.');
    return found != NULL && strcasecmp(found, suffix) == 0;
}

static bool is_query(const char *source) {
    return strncmp(source, query_mark, strlen(query_mark)) == 0;
}

static bool is_parquet(const char *path) {
    return has_suffix(path, ".parquet");
}

// Files that look as if they could be read, since Parquet can.
static hm_status refuse_arrow(hm_session *session, const char *path) {
    if (has_suffix(path, ".arrow") || has_suffix(path, ".ipc") ||
            has_suffix(path, ".feather")) {
        return hm_session_fail(session, HM_BAD_ARGUMENT, "use Parquet instead",
                "`%s`: Arrow files are neither read nor written", path);
    }
    return HM_OK;
}

static hm_status check_suffix(
        hm_session *session, const char *path, const char *shown) {
    hm_format format = HM_FORMAT_BY_SUFFIX;
    hm_status status = hm_format_of_path(path, &format, NULL);
    return status == HM_OK ? HM_OK
                           : hm_session_fail(session, status, NULL,
                                     "%s: the name must end in .csv, .tsv, .json, "
                                     ".ndjson or .parquet to tell the format",
                                     shown);
}

static hm_status read_thread_count(hm_session *session, uint32_t *count) {
    *count = 0;
    return hm_arguments_number(session, "threads", HM_MOST_THREADS, count);
}

static hm_status read_duckdb(hm_session *session, hm_duckdb_options *options,
        const char *what, hm_data *data) {
    const hm_duckdb_functions *component;
    HM_TRY(hm_duckdb_functions_load(session, what, &component));
    HM_TRY(read_thread_count(session, &options->thread_count));
    hm_error error;
    hm_status status = component->read(options, &data->duckdb, &error);
    data->component = component;
    return status == HM_OK
                   ? HM_OK
                   : hm_session_fail(session, status, NULL, "%s", error.message);
}

hm_status hm_data_check_sources(hm_session *session) {
    const char *database = hm_arguments_value(session, "database");
    bool has_query = false;
    uint32_t input_count = 0;
    size_t at = 0;
    const hm_given *given;
    while ((given = hm_arguments_next(session, "data", &at)) != NULL) {
        has_query |= is_query(given->value);
        input_count += strcmp(given->value, "-") == 0;
    }
    if (input_count > 1) {
        return hm_session_fail(session, HM_BAD_ARGUMENT,
                "write --data - once, and files for the others",
                "standard input cannot be read twice");
    }
    return database == NULL || has_query
                   ? HM_OK
                   : hm_session_fail(session, HM_BAD_ARGUMENT,
                             "write --data \"duckdb:SELECT ...\"",
                             "--database `%s` is not asked anything", database);
}

hm_status hm_data_read(hm_session *session, const char *source,
        const hm_column *columns, size_t column_count, hm_data *data) {
    *data = (hm_data){.name = strcmp(source, "-") == 0 ? "standard input" : source};
    HM_TRY(refuse_arrow(session, source));
    hm_duckdb_options options = HM_DUCKDB_OPTIONS_INIT;
    options.columns = columns;
    options.column_count = column_count;
    if (is_query(source)) {
        data->name = "the query";
        options.sql = source + strlen(query_mark);
        options.database = hm_arguments_value(session, "database");
        return read_duckdb(session, &options, "SQL", data);
    }
    if (is_parquet(source)) {
        options.path = source;
        return read_duckdb(session, &options,
                hm_session_text(session, "reading `%s`", source), data);
    }
    if (strcmp(source, "-") != 0) {
        HM_TRY(check_suffix(session, source, source));
    }
    hm_table_options plain = HM_TABLE_OPTIONS_INIT;
    plain.path = source;
    plain.columns = columns;
    plain.column_count = column_count;
    HM_TRY(read_thread_count(session, &plain.thread_count));
    hm_error error;
    hm_status status = hm_table_read(&plain, &data->table, &error);
    return status == HM_OK
                   ? HM_OK
                   : hm_session_fail(session, status, NULL, "%s", error.message);
}

void hm_data_finish(hm_data *data) {
    hm_table_destroy(data->table);
    if (data->duckdb != NULL) {
        data->component->table_destroy(data->duckdb);
    }
    *data = (hm_data){0};
}

size_t hm_data_name_count(const hm_data *data) {
    return data->duckdb != NULL ? data->component->name_count(data->duckdb)
                                : hm_table_name_count(data->table);
}

const char *hm_data_name(const hm_data *data, size_t index) {
    return data->duckdb != NULL ? data->component->name(data->duckdb, index)
                                : hm_table_name(data->table, index);
}

const hm_value *hm_data_find(const hm_data *data, const char *name) {
    return data->duckdb != NULL ? data->component->find(data->duckdb, name)
                                : hm_table_find(data->table, name);
}

// What can be seen before something is computed for it.
static hm_status check_folder(hm_session *session, const char *path) {
    const char *slash = strrchr(path, '/');
    const char *folder = slash == NULL   ? "."
                         : slash == path ? "/"
                                         : hm_arena_slice(&session->arena, path,
                                                   (size_t)(slash - path));
    if (folder == NULL) {
        return hm_session_no_memory(session);
    }
    struct stat status;
    bool is_folder = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
    if (is_folder) {
        return hm_session_fail(session, HM_IO, "name a file in it",
                "`%s` cannot be written: it is a folder", path);
    }
    // A file is written beside it first.
    return access(folder, W_OK | X_OK) == 0
                   ? HM_OK
                   : hm_session_fail(session, HM_IO,
                             errno == ENOENT ? "make it first" : NULL,
                             "`%s` cannot be written into the folder `%s`: %s", path,
                             folder, strerror(errno));
}

hm_status hm_data_check_target(hm_session *session, const char *path) {
    HM_TRY(refuse_arrow(session, path));
    HM_TRY(check_folder(session, path));
    if (is_parquet(path)) {
        const hm_duckdb_functions *component;
        return hm_duckdb_functions_load(
                session, hm_session_text(session, "writing `%s`", path), &component);
    }
    return check_suffix(session, path, hm_session_text(session, "--save `%s`", path));
}

hm_status hm_data_write(hm_session *session, const char *path,
        const hm_binding *columns, size_t count) {
    hm_error error;
    hm_status status;
    if (is_parquet(path)) {
        const hm_duckdb_functions *component;
        uint32_t thread_count;
        HM_TRY(hm_duckdb_functions_load(session, "writing Parquet", &component));
        HM_TRY(read_thread_count(session, &thread_count));
        status = component->write(path, columns, count, thread_count, &error);
    } else {
        status = hm_table_write(path, HM_FORMAT_BY_SUFFIX, columns, count, &error);
    }
    return status == HM_OK
                   ? HM_OK
                   : hm_session_fail(session, status, NULL, "%s", error.message);
}
