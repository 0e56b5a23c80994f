// system_calls.c — see system_calls.h.

#define _GNU_SOURCE // RTLD_NEXT, and the names with 64

#include "tests/support/system_calls.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <hamilton/export.h> // libraries see what is HM_API

static struct {
    atomic_bool is_armed; // what follows is set while it is not
    bool for_good;
    size_t at;
    atomic_size_t count;
    int number;
} fault;

void hm_system_calls_fail(size_t at, int number, bool for_good) {
    fault.at = at;
    fault.number = number;
    fault.for_good = for_good;
    fault.count = 0;
    fault.is_armed = true;
}

size_t hm_system_calls_heal(void) {
    fault.is_armed = false;
    return fault.count;
}

static bool fails(void) {
    if (!fault.is_armed) {
        return false;
    }
    size_t count = ++fault.count;
    if (count < fault.at || (count > fault.at && !fault.for_good)) {
        return false;
    }
    if (fault.number == 0) {
        raise(SIGKILL);
    }
    errno = fault.number;
    return true;
}

// C knows no way from an object's pointer to a function's but through its bytes.
static void find(const char *name, void *function) {
    void *symbol = dlsym(RTLD_NEXT, name);
    memcpy(function, &symbol, sizeof symbol);
}

// The function behind a name, looked for once.
#define FIND(name, result, parameters)                                                 \
    static result(*_Atomic found) parameters;                                          \
    result(*real) parameters = found;                                                  \
    if (real == NULL) {                                                                \
        find(#name, &real);                                                            \
        found = real;                                                                  \
    }

#define CALL(result, name, parameters, arguments)                                      \
    HM_API result name parameters {                                                    \
        FIND(name, result, parameters)                                                 \
        return fails() ? (result)-1 : real arguments;                                  \
    }

// Libuv wakes its loops with eight bytes, and would abort.
HM_API ssize_t write(int file, const void *bytes, size_t length) {
    FIND(write, ssize_t, (int, const void *, size_t))
    bool is_wake_up = length <= sizeof(uint64_t);
    return !is_wake_up && fails() ? -1 : real(file, bytes, length);
}

CALL(ssize_t, pwrite64, (int file, const void *bytes, size_t length, off64_t at),
        (file, bytes, length, at))
CALL(ssize_t, pread, (int file, void *bytes, size_t length, off_t at),
        (file, bytes, length, at))
CALL(ssize_t, pread64, (int file, void *bytes, size_t length, off64_t at),
        (file, bytes, length, at))
CALL(int, fsync, (int file), (file))
CALL(int, fdatasync, (int file), (file))
CALL(int, ftruncate64, (int file, off64_t length), (file, length))
CALL(int, renameat, (int from, const char *old, int to, const char *new),
        (from, old, to, new))
CALL(int, unlinkat, (int folder, const char *name, int flags), (folder, name, flags))
CALL(int, unlink, (const char *name), (name))
CALL(int, rename, (const char *old, const char *new), (old, new))
CALL(int, mkdir, (const char *name, mode_t mode), (name, mode))
CALL(int, mkdirat, (int folder, const char *name, mode_t mode), (folder, name, mode))
CALL(int, fstat, (int file, struct stat *status), (file, status))
CALL(int, stat64, (const char *name, struct stat64 *status), (name, status))
CALL(int, lstat64, (const char *name, struct stat64 *status), (name, status))
CALL(int, fstatat, (int folder, const char *name, struct stat *status, int flags),
        (folder, name, status, flags))

static mode_t mode_of(int flags, va_list arguments) {
    return (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
}

HM_API int openat(int folder, const char *name, int flags, ...) {
    FIND(openat, int, (int, const char *, int, ...))
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return fails() ? -1 : real(folder, name, flags, mode);
}

HM_API int open(const char *name, int flags, ...) {
    FIND(open, int, (const char *, int, ...))
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return fails() ? -1 : real(name, flags, mode);
}

HM_API int open64(const char *name, int flags, ...) {
    FIND(open64, int, (const char *, int, ...))
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return fails() ? -1 : real(name, flags, mode);
}

HM_API void *mmap64(
        void *at, size_t length, int rights, int flags, int file, off64_t offset) {
    FIND(mmap64, void *, (void *, size_t, int, int, int, off64_t))
    bool is_of_file = file >= 0;
    return is_of_file && fails() ? MAP_FAILED
                                 : real(at, length, rights, flags, file, offset);
}
