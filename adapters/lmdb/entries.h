// entries.h — what is in the file, within a transaction: bytes under names, each with a
// number that tells its age, so that the oldest can go.

#ifndef HM_ADAPTERS_LMDB_ENTRIES_H
#define HM_ADAPTERS_LMDB_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapters/lmdb/environment.h"

// Before the bytes of an entry.
typedef struct hm_lmdb_entry {
    uint64_t number;
    uint32_t seconds; // when it was put, since 1970
    uint32_t begin;   // where its bytes begin
} hm_lmdb_entry;

// Names that LMDB takes.
enum { HM_LMDB_NAME = 511 };

// All return MDB_SUCCESS or an error of LMDB's.

// Bytes in the map; MDB_NOTFOUND. Large ones are aligned to 64.
int hm_lmdb_find(const hm_lmdb_environment *environment, MDB_txn *transaction,
        const char *name, const void **bytes, size_t *length);

// In place of what has the name.
int hm_lmdb_put(const hm_lmdb_environment *environment, MDB_txn *transaction,
        const char *name, const void *bytes, size_t length);

// Removes the oldest, at most so many, as long as more than max_bytes are there, or
// those that were put before `seconds`; how many is added to *removed, and *is_done if
// there is nothing more to remove.
int hm_lmdb_remove_oldest(const hm_lmdb_environment *environment, MDB_txn *transaction,
        uint64_t max_bytes, uint32_t seconds, size_t most, uint64_t *removed,
        bool *is_done);

#endif
