// file_lock_linux.c — locks of the open file, which also keep threads and stores of one
// process from each other.

#define _GNU_SOURCE // F_OFD_SETLK

#include <fcntl.h>

#include "adapters/cache/file_lock.h"

const int hm_file_lock_command = F_OFD_SETLK;
