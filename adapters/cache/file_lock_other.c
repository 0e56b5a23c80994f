// file_lock_other.c — locks of the process: two stores on one folder in one process do
// not keep each other from anything, and the first to close ends the locks of both.

#include <fcntl.h>

#include "adapters/cache/file_lock.h"

const int hm_file_lock_command = F_SETLK;
