// target.h — a file that appears whole or not at all: its text goes to a temporary file
// beside it, which takes its name at the end.

#ifndef HM_BASE_TARGET_H
#define HM_BASE_TARGET_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include <hamilton/status.h>

typedef struct hm_target {
    int file;             // open for writing
    char path[PATH_MAX];  // that the file gets; links followed
    char draft[PATH_MAX]; // that it has until then, or "" if it is written in place
    int write_error;      // errno of the write that failed, or 0
} hm_target;

// Makes the temporary file, with the permissions of the file that it replaces, if there
// is one. What is no regular file, as /dev/stdout, is written in place.
HM_MUST_CHECK hm_status hm_target_init(
        hm_target *target, const char *path, hm_error *error);

// An hm_write that writes to an hm_target.
bool hm_target_write(const char *text, size_t length, void *target);

// The path that another program is to write to, instead of hm_target_write().
const char *hm_target_place(const hm_target *target);

// Puts the file, flushed to the disk, in its place. Finishes the target, whatever
// happens.
HM_MUST_CHECK hm_status hm_target_commit(hm_target *target, hm_error *error);

// Finishes the target and leaves no trace.
void hm_target_abandon(hm_target *target);

#endif
