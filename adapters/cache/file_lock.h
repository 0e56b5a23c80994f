// file_lock.h — locks on the bytes of a file. A lock belongs to the open file: it ends
// with it, and so with the process, however that ends.

#ifndef HM_ADAPTERS_CACHE_FILE_LOCK_H
#define HM_ADAPTERS_CACHE_FILE_LOCK_H

#include <stdbool.h>
#include <stdint.h>

// Locks one byte, which need not be there, of a file that is open for writing; false if
// somebody else has, or the system cannot. Numbers that differ in their last two bits
// only are one.
bool hm_file_lock(int file, uint64_t at);
void hm_file_unlock(int file, uint64_t at);

// What fcntl() is asked for.
extern const int hm_file_lock_command;

#endif
