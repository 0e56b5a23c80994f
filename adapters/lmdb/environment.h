// environment.h — the LMDB file of a folder, which one process has open once, whoever
// uses it there: LMDB does not allow more.
//
//     DIR/                   0700
//       data-1.mdb           what is kept
//       data-1.mdb-lock      LMDB's: who reads
//       users                locked by all processes that use it, and by claims
//       closed-1             how data-1.mdb was when the last user closed it
//
// The number is a version.

#ifndef HM_ADAPTERS_LMDB_ENVIRONMENT_H
#define HM_ADAPTERS_LMDB_ENVIRONMENT_H

#include <limits.h>
#include <lmdb.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

#include <hamilton/allocator.h>
#include <hamilton/status.h>

typedef struct hm_lmdb_reader hm_lmdb_reader;

typedef struct hm_lmdb_environment {
    struct hm_lmdb_environment *next; // of those that this process has open
    size_t users;                     // likewise protected by the list's lock
    dev_t device;
    ino_t inode;
    const hm_allocator *allocator;
    char path[PATH_MAX]; // of data-1.mdb
    int folder;
    int locks; // the file `users`
    uint64_t max_bytes;
    MDB_env *env;
    MDB_dbi entries; // by name
    MDB_dbi ages;    // names by numbers, the oldest first

    // Transactions are under way while it is locked for reading, and the map moves
    // while it is locked for writing.
    uv_rwlock_t map;
    uv_mutex_t lock;
    hm_lmdb_reader *readers; // that nobody uses; protected by lock
    size_t lent;             // readers of values in the map; likewise
    _Atomic(uint64_t) bytes; // that entries and ages take
    _Atomic(uint64_t) evicted;
} hm_lmdb_environment;

// HM_BAD_ARGUMENT and HM_IO as of <hamilton/lmdb.h>, HM_NO_MEMORY.
HM_MUST_CHECK hm_status hm_lmdb_environment_open(const char *directory, bool may_make,
        uint64_t max_bytes, const hm_allocator *allocator,
        hm_lmdb_environment **environment, hm_error *error);
void hm_lmdb_environment_close(hm_lmdb_environment *environment);

// A transaction that reads.
struct hm_lmdb_reader {
    MDB_txn *transaction;
    hm_lmdb_environment *environment;
    hm_lmdb_reader *next;
};

// MDB_SUCCESS or an error of LMDB's. The same thread leaves it, when it reads nothing
// any more of what was found.
int hm_lmdb_reader_get(hm_lmdb_environment *environment, hm_lmdb_reader **reader);
void hm_lmdb_reader_leave(hm_lmdb_reader *reader);

// In place of leaving it: what was found stays until it is given back, by any thread,
// also when the environment was closed. False if so many are lent already: each keeps
// what was removed since from being used again.
bool hm_lmdb_reader_lend(hm_lmdb_reader *reader);
void hm_lmdb_reader_give_back(hm_lmdb_reader *reader);

// A transaction that writes. Others wait until the same thread ends it. Commit notes
// how many bytes there are then.
int hm_lmdb_write_begin(hm_lmdb_environment *environment, MDB_txn **transaction);
int hm_lmdb_write_commit(hm_lmdb_environment *environment, MDB_txn *transaction);
void hm_lmdb_write_abort(hm_lmdb_environment *environment, MDB_txn *transaction);

// Bytes that entries and ages take, as a transaction sees them.
uint64_t hm_lmdb_bytes(const hm_lmdb_environment *environment, MDB_txn *transaction);

#endif
