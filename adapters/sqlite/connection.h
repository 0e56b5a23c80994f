// connection.h — an SQLite database that is open, and its words in our errors.

#ifndef HM_ADAPTERS_SQLITE_CONNECTION_H
#define HM_ADAPTERS_SQLITE_CONNECTION_H

#include <sqlite3.h>

#include <hamilton/status.h>

typedef enum hm_sqlite_access {
    HM_SQLITE_READ,    // nothing in it can change
    HM_SQLITE_WRITTEN, // it is made if it is not there
} hm_sqlite_access;

// Opens a file; messages do not name it. Other processes that write it are waited for,
// some seconds, and threads of this one that use a path of the same name as long as
// they take. Statements end early when the run that the thread works for is stopped.
// The same thread closes *database.
HM_MUST_CHECK hm_status hm_sqlite_open(
        const char *path, hm_sqlite_access access, sqlite3 **database, hm_error *error);

// Of the same path; what is not committed is undone.
void hm_sqlite_close(const char *path, sqlite3 *database);

// What SQLite says of the last call: HM_NO_MEMORY if that is what it lacked, HM_IO if
// the system or another process refused, HM_CANCELLED if the run was, else HM_BAD_DATA.
hm_status hm_sqlite_error(hm_error *error, sqlite3 *database);

// Executes statements of which no rows are wanted.
HM_MUST_CHECK hm_status hm_sqlite_execute(
        sqlite3 *database, const char *sql, hm_error *error);

#endif
