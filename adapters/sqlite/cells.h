// cells.h — a value of SQLite's as an element of ours, and back. In SQLite a value has
// a type of its own, whatever its column says.

#ifndef HM_ADAPTERS_SQLITE_CELLS_H
#define HM_ADAPTERS_SQLITE_CELLS_H

#include <sqlite3.h>
#include <stdbool.h>

#include <hamilton/status.h>
#include <hamilton/type.h>

#include "base/arena.h"

// Whether elements of a type are values of SQLite's.
bool hm_sqlite_holds(const hm_type *type);

// Stores what stands in a column of the statement's row, which is not NULL, as an
// element of the type. Text is copied into the arena. HM_BAD_DATA says what was found
// and what was wanted, without the place.
HM_MUST_CHECK hm_status hm_sqlite_take(sqlite3_stmt *statement, int column,
        const hm_type *type, hm_arena *texts, void *element, hm_error *error);

// The type that a table declares for such elements.
const char *hm_sqlite_declared(const hm_type *type);

// Binds an element to a parameter of the statement, from 1; NULL is a missing one. Text
// is borrowed until the statement is stepped. HM_BAD_DATA as above.
HM_MUST_CHECK hm_status hm_sqlite_bind(sqlite3_stmt *statement, int parameter,
        const hm_type *type, const void *element, hm_error *error);

#endif
