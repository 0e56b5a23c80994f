// entries.c — see entries.h.

#include "adapters/lmdb/entries.h"

#include <string.h>
#include <time.h>

enum {
    ALIGNMENT = 64,
    // From here on LMDB puts bytes into pages of their own, behind 16 bytes of a
    // header.
    LARGE = 4096,
    LARGE_BEGIN = ALIGNMENT - 16,
};

static MDB_val value_of(const void *bytes, size_t length) {
    return (MDB_val){.mv_size = length, .mv_data = (void *)(uintptr_t)bytes};
}

static int find_entry(const hm_lmdb_environment *environment, MDB_txn *transaction,
        MDB_val *key, MDB_val *data, hm_lmdb_entry *entry) {
    int result = mdb_get(transaction, environment->entries, key, data);
    if (result != MDB_SUCCESS) {
        return result;
    }
    if (data->mv_size < sizeof *entry) {
        return MDB_NOTFOUND; // nothing of ours
    }
    memcpy(entry, data->mv_data, sizeof *entry);
    bool is_ours = entry->begin >= sizeof *entry && entry->begin <= data->mv_size;
    return is_ours ? MDB_SUCCESS : MDB_NOTFOUND;
}

int hm_lmdb_find(const hm_lmdb_environment *environment, MDB_txn *transaction,
        const char *name, const void **bytes, size_t *length) {
    MDB_val key = value_of(name, strlen(name));
    MDB_val data;
    hm_lmdb_entry entry;
    int result = find_entry(environment, transaction, &key, &data, &entry);
    if (result == MDB_SUCCESS) {
        *bytes = (const char *)data.mv_data + entry.begin;
        *length = data.mv_size - entry.begin;
    }
    return result;
}

static int remove_age(
        const hm_lmdb_environment *environment, MDB_txn *transaction, uint64_t number) {
    MDB_val age = value_of(&number, sizeof number);
    int result = mdb_del(transaction, environment->ages, &age, NULL);
    return result == MDB_NOTFOUND ? MDB_SUCCESS : result;
}

// One more than that of the newest.
static int next_number(const hm_lmdb_environment *environment, MDB_txn *transaction,
        uint64_t *number) {
    MDB_cursor *cursor;
    int result = mdb_cursor_open(transaction, environment->ages, &cursor);
    if (result != MDB_SUCCESS) {
        return result;
    }
    MDB_val age;
    MDB_val name;
    result = mdb_cursor_get(cursor, &age, &name, MDB_LAST);
    *number = 0;
    if (result == MDB_SUCCESS) {
        memcpy(number, age.mv_data, sizeof *number);
        (*number)++;
    }
    mdb_cursor_close(cursor);
    return result == MDB_NOTFOUND ? MDB_SUCCESS : result;
}

static int put_entry(const hm_lmdb_environment *environment, MDB_txn *transaction,
        MDB_val *key, const hm_lmdb_entry *entry, const void *bytes, size_t length) {
    MDB_val data = {.mv_size = entry->begin + length};
    int result = mdb_put(transaction, environment->entries, key, &data, MDB_RESERVE);
    if (result == MDB_SUCCESS) {
        memset(data.mv_data, 0, entry->begin);
        memcpy(data.mv_data, entry, sizeof *entry);
        memcpy((char *)data.mv_data + entry->begin, bytes, length);
    }
    return result;
}

int hm_lmdb_put(const hm_lmdb_environment *environment, MDB_txn *transaction,
        const char *name, const void *bytes, size_t length) {
    MDB_val key = value_of(name, strlen(name));
    MDB_val data;
    hm_lmdb_entry entry;
    int result = find_entry(environment, transaction, &key, &data, &entry);
    if (result == MDB_SUCCESS) {
        result = remove_age(environment, transaction, entry.number);
    }
    if (result != MDB_SUCCESS && result != MDB_NOTFOUND) {
        return result;
    }
    entry = (hm_lmdb_entry){.seconds = (uint32_t)time(NULL),
            .begin = length >= LARGE ? LARGE_BEGIN : sizeof entry};
    result = next_number(environment, transaction, &entry.number);
    if (result == MDB_SUCCESS) {
        MDB_val age = value_of(&entry.number, sizeof entry.number);
        result = mdb_put(transaction, environment->ages, &age, &key, MDB_APPEND);
    }
    return result == MDB_SUCCESS
                   ? put_entry(environment, transaction, &key, &entry, bytes, length)
                   : result;
}

// Removes what has this age, if it has: it may have been put anew.
static int remove_one(const hm_lmdb_environment *environment, MDB_txn *transaction,
        const MDB_val *age, const MDB_val *name, uint32_t seconds, bool *is_young) {
    char copy[HM_LMDB_NAME];
    uint64_t number;
    memcpy(&number, age->mv_data, sizeof number);
    if (name->mv_size > sizeof copy) {
        return remove_age(environment, transaction, number);
    }
    memcpy(copy, name->mv_data, name->mv_size); // what is in the map moves
    MDB_val key = value_of(copy, name->mv_size);
    MDB_val data;
    hm_lmdb_entry entry;
    int result = find_entry(environment, transaction, &key, &data, &entry);
    if (result == MDB_SUCCESS && entry.number == number) {
        *is_young = entry.seconds >= seconds;
        if (*is_young) {
            return MDB_SUCCESS;
        }
        result = mdb_del(transaction, environment->entries, &key, NULL);
    }
    if (result != MDB_SUCCESS && result != MDB_NOTFOUND) {
        return result;
    }
    return remove_age(environment, transaction, number);
}

int hm_lmdb_remove_oldest(const hm_lmdb_environment *environment, MDB_txn *transaction,
        uint64_t max_bytes, uint32_t seconds, size_t most, uint64_t *removed,
        bool *is_done) {
    *is_done = false;
    for (size_t i = 0; i < most; i++) {
        bool is_over = hm_lmdb_bytes(environment, transaction) > max_bytes;
        MDB_cursor *cursor;
        int result = mdb_cursor_open(transaction, environment->ages, &cursor);
        if (result != MDB_SUCCESS) {
            return result;
        }
        MDB_val age;
        MDB_val name;
        result = mdb_cursor_get(cursor, &age, &name, MDB_FIRST);
        mdb_cursor_close(cursor);
        if (result == MDB_NOTFOUND || (!is_over && seconds == 0)) {
            *is_done = true;
            return MDB_SUCCESS;
        }
        bool is_young = false;
        if (result == MDB_SUCCESS) {
            result = remove_one(environment, transaction, &age, &name,
                    is_over ? UINT32_MAX : seconds, &is_young);
        }
        if (result != MDB_SUCCESS) {
            return result;
        }
        if (is_young) {
            *is_done = true;
            return MDB_SUCCESS;
        }
        (*removed)++;
    }
    return MDB_SUCCESS;
}
