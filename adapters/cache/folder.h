// folder.h — the folder of a directory store. What is in it is believed, so it must be
// the user's own, and writable by nobody else; then so is all that lies in it.
//
//     DIR/                 0700
//       values-1/          files named by contents, which never change
//       drafts-1/          files that are being written, each locked by its writer
//       index-1.sqlite     what is known of keys, contents and names
//       claims             empty; who computes what is told by locks on its bytes
//
// The numbers are versions: another version of the library has a store of its own.

#ifndef HM_ADAPTERS_CACHE_FOLDER_H
#define HM_ADAPTERS_CACHE_FOLDER_H

#include <limits.h>
#include <stdbool.h>

#include <hamilton/status.h>

typedef struct hm_folder {
    char path[PATH_MAX]; // absolute, without links
    int values;          // open folders; -1 if not
    int drafts;
    int claims; // an open file; -1 if not
} hm_folder;

// Makes what is not there, unless may_make is false: then a folder that is no cache is
// HM_BAD_ARGUMENT, and so are a path that cannot be one, and a folder that is a link,
// another user's, or writable by others. HM_IO for trouble of the system.
HM_MUST_CHECK hm_status hm_folder_open(
        hm_folder *folder, const char *path, bool may_make, hm_error *error);
void hm_folder_close(hm_folder *folder);

// One folder inside `at`, which is made likewise. Links are not followed. `path` is
// what the cache is called. The caller closes *file.
HM_MUST_CHECK hm_status hm_folder_open_one(int at, const char *name, const char *path,
        bool may_make, int *file, hm_error *error);

#endif
