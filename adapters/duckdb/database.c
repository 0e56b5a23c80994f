// database.c — see database.h.

#include "adapters/duckdb/database.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

// DuckDB keeps other processes from a file that is written, but not a second database
// of this one, and both would write over one another.
static pthread_rwlock_t files = PTHREAD_RWLOCK_INITIALIZER;

static bool begins(const char *text, const char *word) {
    return strncmp(text, word, strlen(word)) == 0;
}

hm_status hm_database_error(hm_error *error, const char *words) {
    if (words == NULL) {
        return hm_error_set(error, HM_BAD_DATA, "DuckDB gives no reason");
    }
    if (begins(words, "Out of Memory Error")) {
        return hm_error_no_memory(error);
    }
    hm_status status = begins(words, "IO Error") ? HM_IO : HM_BAD_DATA;
    return hm_error_set(error, status, "%.*s", (int)strcspn(words, "\n"), words);
}

static bool configure(duckdb_config config, bool is_read_only, uint32_t thread_count) {
    char threads[16];
    snprintf(threads, sizeof threads, "%u", thread_count);
    const struct {
        const char *name;
        const char *value; // NULL leaves what is so by itself
    } settings[] = {
            {"autoinstall_known_extensions", "false"},
            {"autoload_known_extensions", "false"},
            {"access_mode", is_read_only ? "READ_ONLY" : NULL},
            {"threads", thread_count > 0 ? threads : NULL},
    };
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        if (settings[i].value != NULL && duckdb_set_config(config, settings[i].name,
                                                 settings[i].value) != DuckDBSuccess) {
            return false;
        }
    }
    return true;
}

hm_status hm_database_init(hm_database *database, const char *path,
        hm_database_access access, uint32_t thread_count, hm_error *error) {
    bool is_read_only = path != NULL && access == HM_DATABASE_READ;
    *database = (hm_database){.has_file = path != NULL};
    if (path != NULL && access == HM_DATABASE_WRITTEN) {
        pthread_rwlock_wrlock(&files);
    } else if (path != NULL) {
        pthread_rwlock_rdlock(&files);
    }
    duckdb_config config = NULL;
    char *words = NULL;
    hm_status status = HM_OK;
    if (duckdb_create_config(&config) != DuckDBSuccess ||
            !configure(config, is_read_only, thread_count) ||
            duckdb_open_ext(path, &database->database, config, &words) !=
                    DuckDBSuccess ||
            duckdb_connect(database->database, &database->connection) !=
                    DuckDBSuccess) {
        status = hm_database_error(error, words);
    }
    duckdb_free(words);
    duckdb_destroy_config(&config);
    if (status == HM_OK) {
        // Whatever the zone of the machine, files mean the same.
        status = hm_database_number(database, "SET TimeZone = 'UTC'", NULL, error);
    }
    if (status != HM_OK) {
        hm_database_finish(database);
    }
    return status;
}

void hm_database_finish(hm_database *database) {
    duckdb_disconnect(&database->connection);
    duckdb_close(&database->database);
    if (database->has_file) {
        pthread_rwlock_unlock(&files);
        database->has_file = false;
    }
}

hm_status hm_database_query(const hm_database *database, const char *sql,
        duckdb_result *result, hm_error *error) {
    duckdb_result made;
    if (duckdb_query(database->connection, sql, &made) != DuckDBSuccess) {
        hm_status status = hm_database_error(error, duckdb_result_error(&made));
        duckdb_destroy_result(&made);
        return status;
    }
    *result = made;
    return HM_OK;
}

hm_status hm_database_number(const hm_database *database, const char *sql,
        int64_t *number, hm_error *error) {
    duckdb_result result;
    HM_TRY(hm_database_query(database, sql, &result, error));
    duckdb_data_chunk chunk = number != NULL ? duckdb_fetch_chunk(result) : NULL;
    if (chunk != NULL) {
        *number = *(const int64_t *)duckdb_vector_get_data(
                duckdb_data_chunk_get_vector(chunk, 0));
        duckdb_destroy_data_chunk(&chunk);
    }
    duckdb_destroy_result(&result);
    return HM_OK;
}

static const char *type_name(duckdb_type type) {
    static const struct {
        duckdb_type type;
        const char *name;
    } names[] = {
            {DUCKDB_TYPE_BOOLEAN, "BOOLEAN"},
            {DUCKDB_TYPE_TINYINT, "TINYINT"},
            {DUCKDB_TYPE_SMALLINT, "SMALLINT"},
            {DUCKDB_TYPE_INTEGER, "INTEGER"},
            {DUCKDB_TYPE_BIGINT, "BIGINT"},
            {DUCKDB_TYPE_UTINYINT, "UTINYINT"},
            {DUCKDB_TYPE_USMALLINT, "USMALLINT"},
            {DUCKDB_TYPE_UINTEGER, "UINTEGER"},
            {DUCKDB_TYPE_UBIGINT, "UBIGINT"},
            {DUCKDB_TYPE_FLOAT, "FLOAT"},
            {DUCKDB_TYPE_DOUBLE, "DOUBLE"},
            {DUCKDB_TYPE_DATE, "DATE"},
            {DUCKDB_TYPE_TIMESTAMP_S, "TIMESTAMP_S"},
            {DUCKDB_TYPE_TIMESTAMP_MS, "TIMESTAMP_MS"},
            {DUCKDB_TYPE_TIMESTAMP, "TIMESTAMP"},
            {DUCKDB_TYPE_TIMESTAMP_NS, "TIMESTAMP_NS"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].type == type) {
            return names[i].name;
        }
    }
    return "VARCHAR";
}

static void append_struct_type(hm_text *sql, duckdb_logical_type type) {
    hm_text_append(sql, "STRUCT");
    for (idx_t i = 0; i < duckdb_struct_type_child_count(type); i++) {
        char *name = duckdb_struct_type_child_name(type, i);
        duckdb_logical_type child = duckdb_struct_type_child_type(type, i);
        hm_text_append(sql, i > 0 ? ", " : "(");
        hm_database_quote(sql, '"', name);
        hm_text_append(sql, " ");
        hm_database_append_type(sql, child);
        duckdb_destroy_logical_type(&child);
        duckdb_free(name);
    }
    hm_text_append(sql, ")");
}

void hm_database_append_type(hm_text *sql, duckdb_logical_type type) {
    duckdb_type found = duckdb_get_type_id(type);
    if (found == DUCKDB_TYPE_STRUCT) {
        append_struct_type(sql, type);
    } else if (found == DUCKDB_TYPE_LIST) {
        duckdb_logical_type child = duckdb_list_type_child_type(type);
        hm_database_append_type(sql, child);
        hm_text_append(sql, "[]");
        duckdb_destroy_logical_type(&child);
    } else {
        hm_text_append(sql, type_name(found));
    }
}

void hm_database_quote(hm_text *sql, char quote, const char *text) {
    hm_text_append_bytes(sql, &quote, 1);
    for (const char *at = text; *at != '\0'; at++) {
        hm_text_append_bytes(sql, &quote, *at == quote);
        hm_text_append_bytes(sql, at, 1);
    }
    hm_text_append_bytes(sql, &quote, 1);
}
