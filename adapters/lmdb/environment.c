// environment.c — see environment.h.

#define _XOPEN_SOURCE 700 // realpath

#include "adapters/lmdb/environment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "adapters/cache/file_lock.h"
#include "adapters/cache/folder.h"
#include "adapters/lmdb/walk.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/system_error.h"

static const char data_name[] = "data-1.mdb";
static const char lock_name[] = "data-1.mdb-lock";
static const char closed_name[] = "closed-1";

enum { READERS = 1000, MOST_LENT = 200, PATIENCE = 5000 }; // milliseconds

// What LMDB makes of its lock file: a head, and a cache line for each reader.
enum { LOCK_BYTES = 128 + READERS * 64 };

static uv_once_t once = UV_ONCE_INIT;
static uv_mutex_t list_lock;
static bool has_lock;
static hm_lmdb_environment *first; // protected by list_lock

static void init_list(void) {
    has_lock = uv_mutex_init(&list_lock) == 0;
}

// How the file is: nothing is said of it after a restart of the machine, since nobody
// brought it to the disk.
typedef struct hm_lmdb_mark {
    char boot[40];
    int64_t size;
    int64_t seconds;
    int64_t nanoseconds;
} hm_lmdb_mark;

static bool read_mark(int folder, hm_lmdb_mark *mark) {
    memset(mark, 0, sizeof *mark);
    struct stat status;
    int file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t length = file >= 0 ? read(file, mark->boot, sizeof mark->boot - 1) : 0;
    if (file >= 0) {
        close(file);
    }
    if (length <= 0 || fstatat(folder, data_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return false;
    }
    mark->size = (int64_t)status.st_size;
    mark->seconds = (int64_t)status.st_mtim.tv_sec;
    mark->nanoseconds = (int64_t)status.st_mtim.tv_nsec;
    return true;
}

// Whether the last user closed the file, and nobody has changed it since. Whoever opens
// it takes the mark away.
static bool was_closed(int folder) {
    hm_lmdb_mark now;
    hm_lmdb_mark then;
    int file = openat(folder, closed_name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0) {
        return false;
    }
    bool is_same = read(file, &then, sizeof then) == (ssize_t)sizeof then &&
                   read_mark(folder, &now) && memcmp(&now, &then, sizeof now) == 0;
    close(file);
    return unlinkat(folder, closed_name, 0) == 0 && is_same;
}

static void write_closed(int folder) {
    hm_lmdb_mark mark;
    int file = read_mark(folder, &mark)
                       ? openat(folder, closed_name,
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                 0600)
                       : -1;
    if (file < 0) {
        return;
    }
    bool is_written = write(file, &mark, sizeof mark) == (ssize_t)sizeof mark;
    close(file);
    if (!is_written) {
        (void)unlinkat(folder, closed_name, 0); // or it is too short, and nothing
    }
}

// All users hold byte 0 of the file `users`; who has it alone may look into the file,
// and make it anew. Claims are further behind.
static bool lock_users(int file, short type) {
    struct flock lock = {
            .l_type = type, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
    return fcntl(file, hm_file_lock_command, &lock) == 0;
}

static void remove_files(int folder) {
    (void)unlinkat(folder, data_name, 0);
    (void)unlinkat(folder, lock_name, 0);
}

static int fill_lock_file(int file) {
    static const char nothing[4096];
    for (size_t left = LOCK_BYTES; left > 0;) {
        size_t part = left < sizeof nothing ? left : sizeof nothing;
        ssize_t written = write(file, nothing, part);
        if (written < 0 && errno != EINTR) {
            return errno;
        }
        left -= written > 0 ? (size_t)written : 0;
    }
    return 0;
}

// LMDB would make the file by which it locks as a hole, and where the disk is full the
// process would end by a signal as it fills it. So it has its blocks before, while
// nobody else has it open. Returns an error of the system, or 0.
static int make_lock_file(int folder) {
    int file = openat(folder, lock_name,
            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) {
        return errno;
    }
    int result = fill_lock_file(file);
    if (close(file) != 0 && result == 0) {
        result = errno;
    }
    if (result != 0) {
        (void)unlinkat(folder, lock_name, 0);
    }
    return result;
}

// Of a file that nobody else has open: it is made anew if LMDB cannot read it.
static void look_into(int folder) {
    (void)unlinkat(folder, lock_name, 0); // another one is made
    if (was_closed(folder)) {
        return;
    }
    int file =
            openat(folder, data_name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    bool is_well = file >= 0 ? hm_lmdb_walk(file) : errno == ENOENT;
    if (file >= 0) {
        close(file);
    }
    if (!is_well) {
        remove_files(folder);
    }
}

static hm_status lmdb_fault(
        int result, const char *directory, const char *what, hm_error *error) {
    return result == ENOMEM
                   ? hm_error_set(error, HM_IO,
                             "the cache `%s` %s: there is no address space for "
                             "it",
                             directory, what)
                   : hm_error_set(error, HM_IO, "the cache `%s` %s: %s", directory,
                             what, mdb_strerror(result));
}

static int open_dbs(hm_lmdb_environment *environment) {
    MDB_txn *transaction;
    int result = hm_lmdb_write_begin(environment, &transaction);
    if (result != MDB_SUCCESS) {
        return result;
    }
    result = mdb_dbi_open(transaction, "entries", MDB_CREATE, &environment->entries);
    if (result == MDB_SUCCESS) {
        result = mdb_dbi_open(
                transaction, "ages", MDB_CREATE | MDB_INTEGERKEY, &environment->ages);
    }
    if (result != MDB_SUCCESS) {
        hm_lmdb_write_abort(environment, transaction);
        return result;
    }
    return hm_lmdb_write_commit(environment, transaction);
}

static int open_env(hm_lmdb_environment *environment) {
    int result = mdb_env_create(&environment->env);
    if (result != MDB_SUCCESS) {
        environment->env = NULL;
        return result;
    }
    // What is removed is only used again when nobody reads it: there is room for both.
    uint64_t map = environment->max_bytes * 2 + ((uint64_t)16 << 20);
    map = map < SIZE_MAX / 2 ? map / 65536 * 65536 : SIZE_MAX / 2 / 65536 * 65536;
    (void)mdb_env_set_maxdbs(environment->env, 2);
    (void)mdb_env_set_maxreaders(environment->env, READERS);
    (void)mdb_env_set_mapsize(environment->env, (size_t)map);
    result = mdb_env_open(environment->env, environment->path,
            MDB_NOSUBDIR | MDB_NOTLS | MDB_NOSYNC | MDB_NORDAHEAD, 0600);
    if (result == MDB_SUCCESS) {
        int dead;
        (void)mdb_reader_check(environment->env, &dead);
        result = open_dbs(environment);
    }
    if (result != MDB_SUCCESS) {
        mdb_env_close(environment->env);
        environment->env = NULL;
    }
    return result;
}

// Waits for one that looks into the file, but not for ever.
static bool join_users(hm_lmdb_environment *environment, bool *is_alone) {
    for (int i = 0; i < PATIENCE; i++) {
        *is_alone = lock_users(environment->locks, F_WRLCK);
        if (*is_alone || lock_users(environment->locks, F_RDLCK)) {
            return true;
        }
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return false;
}

static hm_status open_files(
        hm_lmdb_environment *environment, const char *directory, hm_error *error) {
    environment->locks = openat(environment->folder, "users",
            O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (environment->locks < 0) {
        return hm_system_error(error, "the cache has no file of its users");
    }
    bool is_alone;
    if (!join_users(environment, &is_alone)) {
        return hm_error_set(error, HM_IO,
                "the cache `%s` is being looked through by another process", directory);
    }
    if (is_alone) {
        look_into(environment->folder);
    }
    int result = is_alone ? make_lock_file(environment->folder) : 0;
    if (result == 0) {
        result = open_env(environment);
    }
    if (result != MDB_SUCCESS && result != ENOMEM && is_alone) {
        remove_files(environment->folder);
        result = make_lock_file(environment->folder);
        result = result == 0 ? open_env(environment) : result;
    }
    (void)lock_users(environment->locks, F_RDLCK);
    return result == MDB_SUCCESS
                   ? HM_OK
                   : lmdb_fault(result, directory, "cannot be opened", error);
}

static void free_readers(hm_lmdb_environment *environment) {
    while (environment->readers != NULL) {
        hm_lmdb_reader *reader = environment->readers;
        environment->readers = reader->next;
        mdb_txn_abort(reader->transaction);
        hm_deallocate_array(environment->allocator, reader, 1, sizeof *reader);
    }
}

static void destroy(hm_lmdb_environment *environment) {
    free_readers(environment);
    if (environment->env != NULL) {
        mdb_env_close(environment->env);
        if (lock_users(environment->locks, F_WRLCK)) {
            write_closed(environment->folder);
        }
    }
    if (environment->locks >= 0) {
        close(environment->locks);
    }
    close(environment->folder);
    uv_mutex_destroy(&environment->lock);
    uv_rwlock_destroy(&environment->map);
    hm_deallocate_array(environment->allocator, environment, 1, sizeof *environment);
}

static hm_lmdb_environment *create(const hm_allocator *allocator) {
    hm_lmdb_environment *made = hm_allocate_array(allocator, 1, sizeof *made);
    if (made == NULL) {
        return NULL;
    }
    if (uv_mutex_init(&made->lock) != 0) {
        hm_deallocate_array(allocator, made, 1, sizeof *made);
        return NULL;
    }
    if (uv_rwlock_init(&made->map) != 0) {
        uv_mutex_destroy(&made->lock);
        hm_deallocate_array(allocator, made, 1, sizeof *made);
        return NULL;
    }
    made->allocator = allocator;
    made->locks = -1;
    made->users = 1;
    return made;
}

static hm_status find_path(
        hm_lmdb_environment *environment, const char *directory, hm_error *error) {
    char folder[PATH_MAX];
    int length = -1;
    if (realpath(directory, folder) != NULL) {
        length = snprintf(environment->path, sizeof environment->path, "%s/%s", folder,
                data_name);
    }
    return length >= 0 && (size_t)length < sizeof environment->path
                   ? HM_OK
                   : hm_error_set(
                             error, HM_IO, "the cache `%s` has no path", directory);
}

static hm_status open_new(int folder, const struct stat *status, const char *directory,
        uint64_t max_bytes, const hm_allocator *allocator,
        hm_lmdb_environment **environment, hm_error *error) {
    hm_lmdb_environment *made = create(allocator);
    if (made == NULL) {
        close(folder);
        return hm_error_no_memory(error);
    }
    made->folder = folder;
    made->device = status->st_dev;
    made->inode = status->st_ino;
    made->max_bytes = max_bytes;
    hm_status result = find_path(made, directory, error);
    if (result == HM_OK) {
        result = open_files(made, directory, error);
    }
    if (result != HM_OK) {
        destroy(made);
        return result;
    }
    made->next = first;
    first = made;
    *environment = made;
    return HM_OK;
}

static hm_status open_listed(int folder, const char *directory, uint64_t max_bytes,
        const hm_allocator *allocator, hm_lmdb_environment **environment,
        hm_error *error) {
    struct stat status;
    if (fstat(folder, &status) != 0) {
        close(folder);
        return hm_system_error(error, "the cache cannot be looked at");
    }
    hm_lmdb_environment *at = first;
    while (at != NULL && (at->device != status.st_dev || at->inode != status.st_ino)) {
        at = at->next;
    }
    if (at == NULL) {
        return open_new(
                folder, &status, directory, max_bytes, allocator, environment, error);
    }
    close(folder);
    at->users++;
    *environment = at;
    return HM_OK;
}

hm_status hm_lmdb_environment_open(const char *directory, bool may_make,
        uint64_t max_bytes, const hm_allocator *allocator,
        hm_lmdb_environment **environment, hm_error *error) {
    uv_once(&once, init_list);
    if (!has_lock) {
        return hm_error_no_memory(error);
    }
    int folder;
    HM_TRY(hm_folder_open_one(
            AT_FDCWD, directory, directory, may_make, &folder, error));
    if (!may_make && faccessat(folder, data_name, F_OK, 0) != 0) {
        close(folder);
        return hm_error_set(
                error, HM_BAD_ARGUMENT, "there is no cache of LMDB in `%s`", directory);
    }
    uv_mutex_lock(&list_lock);
    hm_status status =
            open_listed(folder, directory, max_bytes, allocator, environment, error);
    uv_mutex_unlock(&list_lock);
    return status;
}

void hm_lmdb_environment_close(hm_lmdb_environment *environment) {
    uv_mutex_lock(&list_lock);
    environment->users--;
    if (environment->users == 0) {
        hm_lmdb_environment **place = &first;
        while (*place != environment) {
            place = &(*place)->next;
        }
        *place = environment->next;
        destroy(environment);
    }
    uv_mutex_unlock(&list_lock);
}

// Another process has a larger map. Ours can only move while nobody is in it.
static int grow(hm_lmdb_environment *environment) {
    int result = MDB_MAP_RESIZED;
    uv_rwlock_wrlock(&environment->map);
    uv_mutex_lock(&environment->lock);
    bool is_used = environment->lent > 0;
    uv_mutex_unlock(&environment->lock);
    if (!is_used) {
        free_readers(environment);
        result = mdb_env_set_mapsize(environment->env, 0);
    }
    uv_rwlock_wrunlock(&environment->map);
    return result;
}

static hm_lmdb_reader *take_reader(hm_lmdb_environment *environment) {
    uv_mutex_lock(&environment->lock);
    hm_lmdb_reader *reader = environment->readers;
    if (reader != NULL) {
        environment->readers = reader->next;
    }
    uv_mutex_unlock(&environment->lock);
    return reader;
}

// The map is locked for reading.
static int begin_reading(hm_lmdb_environment *environment, hm_lmdb_reader **reader) {
    hm_lmdb_reader *taken = take_reader(environment);
    int result;
    if (taken != NULL) {
        result = mdb_txn_renew(taken->transaction);
    } else {
        taken = hm_allocate_array(environment->allocator, 1, sizeof *taken);
        if (taken == NULL) {
            return ENOMEM;
        }
        taken->environment = environment;
        result = mdb_txn_begin(environment->env, NULL, MDB_RDONLY, &taken->transaction);
        if (result != MDB_SUCCESS) {
            hm_deallocate_array(environment->allocator, taken, 1, sizeof *taken);
            return result;
        }
    }
    if (result != MDB_SUCCESS) {
        mdb_txn_abort(taken->transaction);
        hm_deallocate_array(environment->allocator, taken, 1, sizeof *taken);
        return result;
    }
    *reader = taken;
    return MDB_SUCCESS;
}

// After a transaction could not be begun: whether it may be now.
static bool mend(hm_lmdb_environment *environment, int *result) {
    int dead = 0;
    if (*result == MDB_MAP_RESIZED) {
        *result = grow(environment);
        return *result == MDB_SUCCESS;
    }
    return *result == MDB_READERS_FULL &&
           mdb_reader_check(environment->env, &dead) == MDB_SUCCESS && dead > 0;
}

int hm_lmdb_reader_get(hm_lmdb_environment *environment, hm_lmdb_reader **reader) {
    int result;
    do {
        uv_rwlock_rdlock(&environment->map);
        result = begin_reading(environment, reader);
        if (result == MDB_SUCCESS) {
            return MDB_SUCCESS; // the map stays locked until it is left
        }
        uv_rwlock_rdunlock(&environment->map);
    } while (mend(environment, &result));
    return result;
}

static void put_back(hm_lmdb_reader *reader) {
    hm_lmdb_environment *environment = reader->environment;
    mdb_txn_reset(reader->transaction);
    uv_mutex_lock(&environment->lock);
    reader->next = environment->readers;
    environment->readers = reader;
    uv_mutex_unlock(&environment->lock);
}

void hm_lmdb_reader_leave(hm_lmdb_reader *reader) {
    hm_lmdb_environment *environment = reader->environment;
    put_back(reader);
    uv_rwlock_rdunlock(&environment->map);
}

bool hm_lmdb_reader_lend(hm_lmdb_reader *reader) {
    hm_lmdb_environment *environment = reader->environment;
    uv_mutex_lock(&environment->lock);
    bool may = environment->lent < MOST_LENT;
    environment->lent += may;
    uv_mutex_unlock(&environment->lock);
    if (may) {
        uv_rwlock_rdunlock(&environment->map);
        uv_mutex_lock(&list_lock);
        environment->users++;
        uv_mutex_unlock(&list_lock);
    }
    return may;
}

void hm_lmdb_reader_give_back(hm_lmdb_reader *reader) {
    hm_lmdb_environment *environment = reader->environment;
    put_back(reader);
    uv_mutex_lock(&environment->lock);
    environment->lent--;
    uv_mutex_unlock(&environment->lock);
    hm_lmdb_environment_close(environment);
}

int hm_lmdb_write_begin(hm_lmdb_environment *environment, MDB_txn **transaction) {
    int result;
    do {
        uv_rwlock_rdlock(&environment->map);
        result = mdb_txn_begin(environment->env, NULL, 0, transaction);
        if (result == MDB_SUCCESS) {
            return MDB_SUCCESS; // the map stays locked until it ends
        }
        uv_rwlock_rdunlock(&environment->map);
    } while (mend(environment, &result));
    return result;
}

static uint64_t bytes_of(MDB_txn *transaction, MDB_dbi db) {
    MDB_stat stat;
    return mdb_stat(transaction, db, &stat) == MDB_SUCCESS
                   ? (stat.ms_branch_pages + stat.ms_leaf_pages +
                             stat.ms_overflow_pages) *
                             (uint64_t)stat.ms_psize
                   : 0;
}

uint64_t hm_lmdb_bytes(const hm_lmdb_environment *environment, MDB_txn *transaction) {
    return bytes_of(transaction, environment->entries) +
           bytes_of(transaction, environment->ages);
}

int hm_lmdb_write_commit(hm_lmdb_environment *environment, MDB_txn *transaction) {
    uint64_t bytes = hm_lmdb_bytes(environment, transaction);
    int result = mdb_txn_commit(transaction);
    if (result == MDB_SUCCESS) {
        atomic_store_explicit(&environment->bytes, bytes, memory_order_relaxed);
    }
    uv_rwlock_rdunlock(&environment->map);
    return result;
}

void hm_lmdb_write_abort(hm_lmdb_environment *environment, MDB_txn *transaction) {
    mdb_txn_abort(transaction);
    uv_rwlock_rdunlock(&environment->map);
}
