// index.c — see index.h. One connection, used by one thread at a time.

#include "adapters/cache/index.h"

#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "base/allocator.h"
#include "base/error.h"

enum { PATIENCE = 5000 }; // milliseconds, while another process writes

static const char schema[] =
        "PRAGMA journal_mode=WAL;"
        "PRAGMA synchronous=NORMAL;" // a crash of the machine loses the last, no more
        "CREATE TABLE IF NOT EXISTS results("
        " key BLOB PRIMARY KEY, content BLOB NOT NULL, seal INTEGER NOT NULL)"
        " WITHOUT ROWID;"
        "CREATE INDEX IF NOT EXISTS results_by_content ON results(content);"
        "CREATE TABLE IF NOT EXISTS contents("
        " content BLOB PRIMARY KEY, size INTEGER NOT NULL, used INTEGER NOT NULL)"
        " WITHOUT ROWID;"
        "CREATE INDEX IF NOT EXISTS contents_by_use ON contents(used);"
        "CREATE TABLE IF NOT EXISTS notes("
        " name TEXT PRIMARY KEY, text BLOB NOT NULL, seal INTEGER NOT NULL)"
        " WITHOUT ROWID;";

#define STATEMENTS(X)                                                                  \
    X(RECALL, "SELECT content, seal FROM results WHERE key=?1")                        \
    X(REMEMBER, "INSERT OR REPLACE INTO results VALUES(?1,?2,?3)")                     \
    X(NOTED, "SELECT text, seal FROM notes WHERE name=?1")                             \
    X(NOTE, "INSERT OR REPLACE INTO notes VALUES(?1,?2,?3)")                           \
    X(NOTES, "SELECT text, seal, name FROM notes ORDER BY name")                       \
    X(ADD, "INSERT OR REPLACE INTO contents VALUES(?1,?2,?3)")                         \
    X(USE, "UPDATE contents SET used=?2 WHERE content=?1")                             \
    X(FIND, "SELECT 1 FROM contents WHERE content=?1")                                 \
    X(OLDEST, "SELECT content, size, used FROM contents ORDER BY used LIMIT 1")        \
    X(TOTAL, "SELECT ifnull(sum(size),0), count(*) FROM contents")                     \
    X(FORGET_CONTENT, "DELETE FROM contents WHERE content=?1")                         \
    X(FORGET_RESULTS, "DELETE FROM results WHERE content=?1")                          \
    X(FORGET_STRAYS,                                                                   \
            "DELETE FROM results WHERE content NOT IN (SELECT content FROM contents)") \
    X(BEGIN, "BEGIN IMMEDIATE")                                                        \
    X(COMMIT, "COMMIT")                                                                \
    X(ROLLBACK, "ROLLBACK")

#define X(name, text) name,
typedef enum hm_index_statement { STATEMENTS(X) STATEMENT_COUNT } hm_index_statement;
#undef X

#define X(name, text) text,
static const char *const texts[] = {STATEMENTS(X)};
#undef X

struct hm_index {
    const hm_allocator *allocator;
    char path[PATH_MAX + 32];
    uv_mutex_t lock;
    // Protected by lock.
    sqlite3 *database; // NULL if it could not be opened again
    sqlite3_stmt *statements[STATEMENT_COUNT];
};

static void close_database(hm_index *index) {
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        sqlite3_finalize(index->statements[i]);
        index->statements[i] = NULL;
    }
    sqlite3_close(index->database);
    index->database = NULL;
}

static int open_database(hm_index *index) {
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW |
                SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(index->path, &index->database, flags, NULL);
    if (code == SQLITE_OK) {
        sqlite3_extended_result_codes(index->database, 1);
        sqlite3_busy_timeout(index->database, PATIENCE);
        code = sqlite3_exec(index->database, schema, NULL, NULL, NULL);
    }
    for (size_t i = 0; i < STATEMENT_COUNT && code == SQLITE_OK; i++) {
        code = sqlite3_prepare_v3(index->database, texts[i], -1,
                SQLITE_PREPARE_PERSISTENT, &index->statements[i], NULL);
    }
    return code;
}

// Whether the file is no database: not what others do, or the system, but what it
// holds.
static bool is_broken(int code) {
    return (code & 0xFF) == SQLITE_CORRUPT || (code & 0xFF) == SQLITE_NOTADB ||
           (code & 0xFF) == SQLITE_ERROR; // a table that is not ours
}

static void remove_files(const hm_index *index) {
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        char path[sizeof index->path + 8];
        snprintf(path, sizeof path, "%s%s", index->path, suffixes[i]);
        (void)unlink(path);
    }
}

// Two who make a new database at once do not wait for each other by themselves.
static int open_patiently(hm_index *index) {
    enum { TRIES = 200 };
    static const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
    int code = open_database(index);
    for (int i = 0; i < TRIES && (code & 0xFF) == SQLITE_BUSY; i++) {
        close_database(index);
        nanosleep(&pause, NULL);
        code = open_database(index);
    }
    return code;
}

// Opens the database; one that is broken makes room for an empty one.
static int open_or_renew(hm_index *index) {
    int code = open_patiently(index);
    if (is_broken(code)) {
        close_database(index);
        remove_files(index);
        code = open_patiently(index);
    }
    if (code != SQLITE_OK) {
        close_database(index);
    }
    return code;
}

static hm_status fault(hm_error *error, int code) {
    if ((code & 0xFF) == SQLITE_NOMEM) {
        return hm_error_no_memory(error);
    }
    return hm_error_set(error, HM_IO, "the index of the cache cannot be used: %s",
            sqlite3_errstr(code));
}

// Others could have us read and write what they like.
static bool is_link(const char *path) {
    struct stat status;
    return lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
}

hm_status hm_index_create(const hm_allocator *allocator, const char *folder,
        hm_index **index, hm_error *error) {
    hm_index *made = hm_allocate_array(allocator, 1, sizeof *made);
    if (made == NULL) {
        return hm_error_no_memory(error);
    }
    made->allocator = allocator;
    snprintf(made->path, sizeof made->path, "%s/index-1.sqlite", folder);
    if (uv_mutex_init(&made->lock) != 0) {
        hm_deallocate_array(allocator, made, 1, sizeof *made);
        return hm_error_no_memory(error);
    }
    int code = open_or_renew(made);
    if (code != SQLITE_OK) {
        bool is_refused = is_link(made->path);
        hm_index_destroy(made);
        return is_refused ? hm_error_set(error, HM_BAD_ARGUMENT,
                                    "`%s/index-1.sqlite` is a link: remove it", folder)
                          : fault(error, code);
    }
    *index = made;
    return HM_OK;
}

void hm_index_destroy(hm_index *index) {
    if (index != NULL) {
        close_database(index);
        uv_mutex_destroy(&index->lock);
        hm_deallocate_array(index->allocator, index, 1, sizeof *index);
    }
}

// Takes the lock, and a statement to bind values to; NULL if there is no database,
// which the functions below take, too.
static sqlite3_stmt *begin(hm_index *index, hm_index_statement which) {
    uv_mutex_lock(&index->lock);
    return index->database != NULL ? index->statements[which] : NULL;
}

static int step(sqlite3_stmt *statement) {
    return statement != NULL ? sqlite3_step(statement) : SQLITE_CANTOPEN;
}

// Ends what begin began, where `code` is what the last step said.
static hm_status end(
        hm_index *index, sqlite3_stmt *statement, int code, hm_error *error) {
    if (statement != NULL) {
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
    }
    if (is_broken(code)) {
        close_database(index);
        remove_files(index);
        (void)open_or_renew(index);
    }
    uv_mutex_unlock(&index->lock);
    bool is_well = code == SQLITE_ROW || code == SQLITE_DONE;
    return is_well ? HM_OK : fault(error, code);
}

static void bind_hash(sqlite3_stmt *statement, int at, const hm_hash *hash) {
    // A binding that fails leaves a NULL, which no row has and none may have.
    (void)sqlite3_bind_blob(statement, at, hash, sizeof *hash, SQLITE_TRANSIENT);
}

static bool read_hash(sqlite3_stmt *statement, int at, hm_hash *hash) {
    const void *bytes = sqlite3_column_blob(statement, at);
    if (bytes == NULL || sqlite3_column_bytes(statement, at) != (int)sizeof *hash) {
        return false;
    }
    memcpy(hash, bytes, sizeof *hash);
    return true;
}

static int64_t seal_of(
        const void *name, size_t name_length, const void *bytes, size_t length) {
    hm_hasher hasher;
    hm_hasher_init(&hasher);
    hm_hasher_add(&hasher, &name_length, sizeof name_length);
    hm_hasher_add(&hasher, name, name_length);
    hm_hasher_add(&hasher, bytes, length);
    return (int64_t)hm_hasher_get(&hasher).low;
}

hm_status hm_index_recall(hm_index *index, const hm_hash *key, hm_hash *content,
        bool *is_known, hm_error *error) {
    sqlite3_stmt *statement = begin(index, RECALL);
    bind_hash(statement, 1, key);
    int code = step(statement);
    hm_hash found;
    *is_known = code == SQLITE_ROW && read_hash(statement, 0, &found) &&
                sqlite3_column_int64(statement, 1) ==
                        seal_of(key, sizeof *key, &found, sizeof found);
    if (*is_known) {
        *content = found;
    }
    return end(index, statement, code, error);
}

hm_status hm_index_remember(
        hm_index *index, const hm_hash *key, const hm_hash *content, hm_error *error) {
    sqlite3_stmt *statement = begin(index, REMEMBER);
    bind_hash(statement, 1, key);
    bind_hash(statement, 2, content);
    sqlite3_bind_int64(
            statement, 3, seal_of(key, sizeof *key, content, sizeof *content));
    return end(index, statement, step(statement), error);
}

// Whether the row at hand, of text and seal, was noted under this name.
static bool is_note(sqlite3_stmt *statement, const char *name) {
    const void *text = sqlite3_column_blob(statement, 0);
    size_t length = (size_t)sqlite3_column_bytes(statement, 0);
    return sqlite3_column_int64(statement, 1) ==
           seal_of(name, strlen(name), text, length);
}

hm_status hm_index_noted(
        hm_index *index, const char *name, hm_cached **entry, hm_error *error) {
    sqlite3_stmt *statement = begin(index, NOTED);
    (void)sqlite3_bind_text(statement, 1, name, -1, SQLITE_TRANSIENT);
    int code = step(statement);
    bool is_there = code == SQLITE_ROW && is_note(statement, name);
    bool is_out = false;
    *entry = NULL;
    if (is_there) {
        size_t length = (size_t)sqlite3_column_bytes(statement, 0);
        *entry = hm_cached_create(index->allocator, length);
        is_out = *entry == NULL;
        if (!is_out && length > 0) {
            memcpy((*entry)->bytes, sqlite3_column_blob(statement, 0), length);
        }
    }
    return end(index, statement, is_out ? SQLITE_NOMEM : code, error);
}

hm_status hm_index_note(hm_index *index, const char *name, const void *bytes,
        size_t length, hm_error *error) {
    sqlite3_stmt *statement = begin(index, NOTE);
    (void)sqlite3_bind_text(statement, 1, name, -1, SQLITE_TRANSIENT);
    (void)sqlite3_bind_blob64(statement, 2, bytes, length, SQLITE_TRANSIENT);
    sqlite3_bind_int64(statement, 3, seal_of(name, strlen(name), bytes, length));
    return end(index, statement, step(statement), error);
}

hm_status hm_index_visit_notes(hm_index *index,
        void (*visit)(void *context, const char *name, const char *text, size_t length),
        void *context, hm_error *error) {
    sqlite3_stmt *statement = begin(index, NOTES);
    int code;
    while ((code = step(statement)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(statement, 2);
        const char *text = sqlite3_column_blob(statement, 0);
        if (name != NULL && text != NULL && is_note(statement, name)) {
            visit(context, name, text, (size_t)sqlite3_column_bytes(statement, 0));
        }
    }
    return end(index, statement, code, error);
}

hm_status hm_index_add(hm_index *index, const hm_hash *content, uint64_t size,
        int64_t now, hm_error *error) {
    sqlite3_stmt *statement = begin(index, ADD);
    bind_hash(statement, 1, content);
    sqlite3_bind_int64(statement, 2, (int64_t)size);
    sqlite3_bind_int64(statement, 3, now);
    return end(index, statement, step(statement), error);
}

// Steps through a statement without parameters; the lock is held.
static int run(hm_index *index, hm_index_statement which) {
    sqlite3_stmt *statement = index->statements[which];
    int code = step(statement);
    sqlite3_reset(statement);
    return code;
}

hm_status hm_index_use(hm_index *index, const hm_hash *contents, size_t count,
        int64_t now, hm_error *error) {
    sqlite3_stmt *statement = begin(index, USE);
    int code = statement != NULL ? run(index, BEGIN) : SQLITE_CANTOPEN;
    if (code == SQLITE_DONE) {
        for (size_t i = 0; i < count && code == SQLITE_DONE; i++) {
            bind_hash(statement, 1, &contents[i]);
            sqlite3_bind_int64(statement, 2, now);
            code = step(statement);
            sqlite3_reset(statement);
        }
        code = code == SQLITE_DONE ? run(index, COMMIT) : code;
        if (code != SQLITE_DONE) {
            (void)run(index, ROLLBACK);
        }
    }
    return end(index, statement, code, error);
}

hm_status hm_index_find(
        hm_index *index, const hm_hash *content, bool *is_known, hm_error *error) {
    sqlite3_stmt *statement = begin(index, FIND);
    bind_hash(statement, 1, content);
    int code = step(statement);
    *is_known = code == SQLITE_ROW;
    return end(index, statement, code, error);
}

hm_status hm_index_oldest(
        hm_index *index, hm_index_value *value, bool *is_there, hm_error *error) {
    sqlite3_stmt *statement = begin(index, OLDEST);
    int code = step(statement);
    *is_there = code == SQLITE_ROW && read_hash(statement, 0, &value->content);
    if (*is_there) {
        value->size = (uint64_t)sqlite3_column_int64(statement, 1);
        value->used = sqlite3_column_int64(statement, 2);
    }
    return end(index, statement, code, error);
}

hm_status hm_index_total(
        hm_index *index, uint64_t *size, uint64_t *count, hm_error *error) {
    sqlite3_stmt *statement = begin(index, TOTAL);
    int code = step(statement);
    if (code == SQLITE_ROW) {
        *size = (uint64_t)sqlite3_column_int64(statement, 0);
        *count = (uint64_t)sqlite3_column_int64(statement, 1);
    }
    return end(index, statement, code, error);
}

static hm_status delete (hm_index *index, hm_index_statement which,
        const hm_hash *content, hm_error *error) {
    sqlite3_stmt *statement = begin(index, which);
    if (content != NULL) {
        bind_hash(statement, 1, content);
    }
    return end(index, statement, step(statement), error);
}

hm_status hm_index_forget(hm_index *index, const hm_hash *content, hm_error *error) {
    HM_TRY(delete (index, FORGET_RESULTS, content, error));
    return delete (index, FORGET_CONTENT, content, error);
}

hm_status hm_index_forget_strays(hm_index *index, hm_error *error) {
    return delete (index, FORGET_STRAYS, NULL, error);
}

hm_status hm_index_clear(hm_index *index, hm_error *error) {
    uv_mutex_lock(&index->lock);
    int code = index->database != NULL
                       ? sqlite3_exec(index->database,
                                 "DELETE FROM results; DELETE FROM contents;"
                                 "DELETE FROM notes;",
                                 NULL, NULL, NULL)
                       : SQLITE_CANTOPEN;
    return end(index, NULL, code == SQLITE_OK ? SQLITE_DONE : code, error);
}
