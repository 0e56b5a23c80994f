// file_lock.c — see file_lock.h.

#include "adapters/cache/file_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static bool set(int file, uint64_t at, short type) {
    struct flock lock = {.l_type = type,
            .l_whence = SEEK_SET,
            .l_start = (off_t)(at / 4), // off_t has a sign, and length is added
            .l_len = 1};
    int result;
    do {
        result = fcntl(file, hm_file_lock_command, &lock);
    } while (result != 0 && errno == EINTR);
    return result == 0;
}

bool hm_file_lock(int file, uint64_t at) {
    return set(file, at, F_WRLCK);
}

void hm_file_unlock(int file, uint64_t at) {
    (void)set(file, at, F_UNLCK);
}
