// draft.h — a folder that appears whole or not at all: it is filled under a name that
// nobody looks for, and renamed.

#ifndef HM_ADAPTERS_BUNDLE_DRAFT_H
#define HM_ADAPTERS_BUNDLE_DRAFT_H

#include <limits.h>

#include <hamilton/status.h>

typedef struct hm_draft {
    char path[PATH_MAX];
} hm_draft;

// Makes an empty one inside a folder, which is made if it is not there.
HM_MUST_CHECK hm_status hm_draft_init(
        hm_draft *draft, const char *folder, hm_error *error);

// The path of a file in it. HM_IO if that is too long.
HM_MUST_CHECK hm_status hm_draft_file(
        const hm_draft *draft, const char *name, char path[PATH_MAX], hm_error *error);

// Gives it the first name of stem-1, stem-2, ... in its folder that is free; path
// becomes where it is then. The draft is gone if it fails.
HM_MUST_CHECK hm_status hm_draft_number(
        hm_draft *draft, const char *stem, char path[PATH_MAX], hm_error *error);

// Gives it this path, on the same file system; what is there is replaced if it has a
// file of the name `mark`, and is refused otherwise. The draft is gone if it fails.
HM_MUST_CHECK hm_status hm_draft_replace(
        hm_draft *draft, const char *path, const char *mark, hm_error *error);

// Removes it with the files in it.
void hm_draft_abandon(hm_draft *draft);

#endif
