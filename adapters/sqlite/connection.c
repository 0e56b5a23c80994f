// connection.c — see connection.h.

#include "adapters/sqlite/connection.h"

#include <pthread.h>
#include <stddef.h>

#include <hamilton/node.h>

#include "base/error.h"

enum {
    MOST_WAITS = 500, // of ten milliseconds, for another process
    WAIT = 10,
    STEPS = 10000, // of SQLite's machine between two looks at the run
    LOCKS = 8,
};

// SQLite itself gives up after a while. Paths share these: who waits for no reason
// does not wait for long.
#define LOCK PTHREAD_RWLOCK_INITIALIZER
static pthread_rwlock_t locks[LOCKS] = {LOCK, LOCK, LOCK, LOCK, LOCK, LOCK, LOCK, LOCK};

static pthread_rwlock_t *lock_of(const char *path) {
    unsigned sum = 0;
    for (const char *at = path; *at != '\0'; at++) {
        sum = sum * 31 + (unsigned char)*at;
    }
    return &locks[sum % LOCKS];
}

static int wait_for_others(void *context, int count) {
    (void)context;
    if (count >= MOST_WAITS || hm_should_stop()) {
        return 0;
    }
    sqlite3_sleep(WAIT);
    return 1;
}

static int is_stopped(void *context) {
    (void)context;
    return hm_should_stop();
}

hm_status hm_sqlite_error(hm_error *error, sqlite3 *database) {
    const char *words = sqlite3_errmsg(database);
    switch (sqlite3_errcode(database)) {
    case SQLITE_NOMEM:
        return hm_error_no_memory(error);
    case SQLITE_INTERRUPT:
        return hm_error_set(error, HM_CANCELLED, "the run was stopped");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return hm_error_set(
                error, HM_IO, "%s, by another process or connection", words);
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_IOERR:
    case SQLITE_FULL:
        return hm_error_set(error, HM_IO, "%s", words);
    default:
        return hm_error_set(error, HM_BAD_DATA, "%s", words);
    }
}

// A process that was killed while it wrote leaves a journal, from which whoever opens
// the file next brings it back to what it was: so also who only reads may write.
static hm_status open_file(const char *path, hm_sqlite_access access,
        sqlite3 **database, hm_error *error) {
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
                (access == HM_SQLITE_WRITTEN ? SQLITE_OPEN_CREATE : 0);
    sqlite3 *opened = NULL;
    hm_status status = HM_OK;
    if (sqlite3_open_v2(path, &opened, flags, NULL) != SQLITE_OK) {
        status = opened != NULL ? hm_sqlite_error(error, opened)
                                : hm_error_no_memory(error);
    }
    if (status == HM_OK) {
        sqlite3_busy_handler(opened, wait_for_others, NULL);
        sqlite3_progress_handler(opened, STEPS, is_stopped, NULL);
        // Text in double quotes is a name, so that a misspelt one is no constant.
        sqlite3_db_config(opened, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
        sqlite3_db_config(opened, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
        // What stands in the file, as a view or a trigger, is nobody's program.
        sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        status = access == HM_SQLITE_READ
                         ? hm_sqlite_execute(opened, "PRAGMA query_only = 1", error)
                         : HM_OK;
    }
    if (status != HM_OK) {
        sqlite3_close(opened);
        return status;
    }
    *database = opened;
    return HM_OK;
}

hm_status hm_sqlite_open(const char *path, hm_sqlite_access access, sqlite3 **database,
        hm_error *error) {
    if (access == HM_SQLITE_WRITTEN) {
        pthread_rwlock_wrlock(lock_of(path));
    } else {
        pthread_rwlock_rdlock(lock_of(path));
    }
    hm_status status = open_file(path, access, database, error);
    if (status != HM_OK) {
        pthread_rwlock_unlock(lock_of(path));
    }
    return status;
}

void hm_sqlite_close(const char *path, sqlite3 *database) {
    sqlite3_close(database);
    pthread_rwlock_unlock(lock_of(path));
}

hm_status hm_sqlite_execute(sqlite3 *database, const char *sql, hm_error *error) {
    return sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK
                   ? HM_OK
                   : hm_sqlite_error(error, database);
}
