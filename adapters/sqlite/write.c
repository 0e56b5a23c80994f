// write.c — columns as a table, in one transaction: whoever is killed in it leaves a
// journal, by which the file becomes what it was.

#include <string.h>

#include "adapters/sqlite/cells.h"
#include "adapters/sqlite/connection.h"
#include "adapters/sqlite/table.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/text.h"
#include "base/validity.h"

typedef struct hm_writing {
    sqlite3 *database;
    sqlite3_stmt *statement;
    const char *table;
    hm_sqlite_mode mode;
    const hm_binding *columns;
    size_t count;
    hm_error *error;
} hm_writing;

static void append_name(hm_text *sql, const char *name) {
    hm_text_append(sql, "\"");
    for (const char *at = name; *at != '\0'; at++) {
        hm_text_append_bytes(sql, "\"", *at == '"');
        hm_text_append_bytes(sql, at, 1);
    }
    hm_text_append(sql, "\"");
}

// "name" TYPE, ... or the names alone.
static void append_columns(hm_text *sql, const hm_writing *writing, bool with_types) {
    for (size_t i = 0; i < writing->count; i++) {
        hm_text_append(sql, i > 0 ? ", " : " (");
        append_name(sql, writing->columns[i].name);
        if (with_types) {
            hm_text_append(sql, " ");
            hm_text_append(sql, hm_sqlite_declared(writing->columns[i].value.type));
        }
    }
    hm_text_append(sql, ")");
}

static hm_status execute(const hm_writing *writing, const hm_text *sql) {
    return sql->failed ? hm_error_no_memory(writing->error)
                       : hm_sqlite_execute(
                                 writing->database, hm_text_get(sql), writing->error);
}

static hm_status make_table(const hm_writing *writing, hm_text *sql) {
    if (writing->mode == HM_SQLITE_REPLACE) {
        hm_text_append(sql, "DROP TABLE IF EXISTS ");
        append_name(sql, writing->table);
        hm_text_append(sql, ";");
    }
    hm_text_append(sql, "CREATE TABLE ");
    append_name(sql, writing->table);
    append_columns(sql, writing, true);
    hm_status status = execute(writing, sql);
    hm_text_clear(sql);
    return status;
}

static hm_status prepare(hm_writing *writing, hm_text *sql) {
    hm_text_append(sql, "INSERT INTO ");
    append_name(sql, writing->table);
    append_columns(sql, writing, false);
    for (size_t i = 0; i < writing->count; i++) {
        hm_text_append(sql, i > 0 ? ", ?" : " VALUES (?");
    }
    hm_text_append(sql, ")");
    if (sql->failed) {
        return hm_error_no_memory(writing->error);
    }
    return sqlite3_prepare_v2(writing->database, hm_text_get(sql), -1,
                   &writing->statement, NULL) == SQLITE_OK
                   ? HM_OK
                   : hm_sqlite_error(writing->error, writing->database);
}

// The element, or NULL if it is missing.
static const void *element_at(const hm_value *value, size_t row) {
    if (!hm_validity_has(&value->many, row)) {
        return NULL;
    }
    return value->by_reference
                   ? ((const void *const *)value->many.data)[row]
                   : (const char *)value->many.data + row * value->type->size;
}

static hm_status insert_row(const hm_writing *writing, size_t row) {
    hm_error detail;
    for (size_t i = 0; i < writing->count; i++) {
        const hm_value *value = &writing->columns[i].value;
        hm_status status = hm_sqlite_bind(writing->statement, (int)i + 1, value->type,
                element_at(value, row), &detail);
        if (status != HM_OK) {
            return hm_error_set(writing->error, status, "row %zu, column `%s`: %s",
                    row + 1, writing->columns[i].name, detail.message);
        }
    }
    hm_status status = sqlite3_step(writing->statement) == SQLITE_DONE
                               ? HM_OK
                               : hm_sqlite_error(&detail, writing->database);
    sqlite3_reset(writing->statement);
    return status == HM_OK ? HM_OK
                           : hm_error_set(writing->error, status, "row %zu: %s",
                                     row + 1, detail.message);
}

static hm_status write_rows(hm_writing *writing) {
    hm_text sql;
    hm_text_init(&sql, NULL);
    hm_status status =
            writing->mode == HM_SQLITE_APPEND ? HM_OK : make_table(writing, &sql);
    if (status == HM_OK) {
        status = prepare(writing, &sql);
    }
    hm_text_finish(&sql);
    size_t row_count = writing->columns[0].value.many.length;
    for (size_t row = 0; row < row_count && status == HM_OK; row++) {
        status = insert_row(writing, row);
    }
    sqlite3_finalize(writing->statement);
    return status;
}

static hm_status check_columns(
        const hm_binding *columns, size_t count, hm_error *error) {
    for (size_t i = 0; i < count; i++) {
        const hm_value *value = &columns[i].value;
        if (value->depth != 1 || !hm_sqlite_holds(value->type)) {
            return hm_error_set(error, HM_TYPE_MISMATCH,
                    "`%s` is %s%s, which SQLite does not hold: it has numbers, text "
                    "and times",
                    columns[i].name, value->depth > 1 ? "an array of arrays of " : "",
                    value->type->name);
        }
    }
    return HM_OK;
}

static hm_status write_in_transaction(hm_writing *writing) {
    // At once: who would have to wait for another writer later may have to give up.
    HM_TRY(hm_sqlite_execute(writing->database, "BEGIN IMMEDIATE", writing->error));
    hm_status status = write_rows(writing);
    if (status == HM_OK) {
        status = hm_sqlite_execute(writing->database, "COMMIT", writing->error);
    }
    return status; // what is not committed ends with the connection
}

hm_status hm_sqlite_write(const char *path, const char *table, hm_sqlite_mode mode,
        const hm_binding *columns, size_t count, hm_error *error) {
    hm_writing writing = {.table = table,
            .mode = mode,
            .columns = columns,
            .count = count,
            .error = error};
    HM_TRY(check_columns(columns, count, error));
    HM_TRY(hm_sqlite_open(path, HM_SQLITE_WRITTEN, &writing.database, error));
    hm_status status = write_in_transaction(&writing);
    hm_sqlite_close(path, writing.database);
    return status;
}
