// draft.c — see draft.h.

#include "adapters/bundle/draft.h"

#include <dirent.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/system_error.h"

enum { MOST_NUMBERS = 1000000, ATTEMPTS = 100 };

static hm_status too_long(hm_error *error) {
    errno = ENAMETOOLONG;
    return hm_system_error(error, "a folder cannot be named");
}

static bool join(char path[PATH_MAX], const char *folder, const char *name) {
    return snprintf(path, PATH_MAX, "%s/%s", folder, name) < PATH_MAX;
}

// Under a name that nobody has: two processes with one number, on two machines or in
// two containers, are told apart by the folder that is there already.
static bool make_draft(hm_draft *draft, const char *folder) {
    static atomic_uint counter;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        // Relaxed: the numbers only have to differ.
        unsigned number = atomic_fetch_add_explicit(&counter, 1, memory_order_relaxed);
        int length = snprintf(draft->path, sizeof draft->path, "%s/.hamilton-%ld-%u",
                folder, (long)getpid(), number);
        if (length >= (int)sizeof draft->path) {
            errno = ENAMETOOLONG;
            return false;
        }
        bool is_made = mkdir(draft->path, 0777) == 0;
        if (is_made || errno != EEXIST) {
            return is_made;
        }
    }
    return false;
}

hm_status hm_draft_init(hm_draft *draft, const char *folder, hm_error *error) {
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        return hm_system_error(error, "a folder cannot be made");
    }
    return make_draft(draft, folder)
                   ? HM_OK
                   : hm_system_error(error, "a folder cannot be made");
}

hm_status hm_draft_file(
        const hm_draft *draft, const char *name, char path[PATH_MAX], hm_error *error) {
    return join(path, draft->path, name) ? HM_OK : too_long(error);
}

// Removes a folder with the files in it, which has no folders.
static void remove_folder(const char *path) {
    DIR *entries = opendir(path);
    const struct dirent *entry;
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        char file[PATH_MAX];
        if (join(file, path, entry->d_name)) {
            (void)unlink(file);
        }
    }
    if (entries != NULL) {
        closedir(entries);
    }
    (void)rmdir(path);
}

void hm_draft_abandon(hm_draft *draft) {
    if (draft->path[0] != '\0') {
        remove_folder(draft->path);
        draft->path[0] = '\0';
    }
}

static bool is_taken(int number) {
    return number == EEXIST || number == ENOTEMPTY || number == ENOTDIR;
}

static hm_status give_up(hm_draft *draft, hm_error *error) {
    hm_status status = hm_system_error(error, "a folder cannot be named");
    hm_draft_abandon(draft);
    return status;
}

hm_status hm_draft_number(
        hm_draft *draft, const char *stem, char path[PATH_MAX], hm_error *error) {
    int folder = (int)(strrchr(draft->path, '/') - draft->path);
    errno = ENAMETOOLONG;
    for (int number = 1; number <= MOST_NUMBERS; number++) {
        int length = snprintf(
                path, PATH_MAX, "%.*s/%s-%d", folder, draft->path, stem, number);
        if (length >= PATH_MAX) {
            break;
        }
        if (rename(draft->path, path) == 0) {
            draft->path[0] = '\0';
            return HM_OK;
        }
        if (!is_taken(errno)) {
            break;
        }
    }
    return give_up(draft, error);
}

static bool has_file(const char *folder, const char *name) {
    char path[PATH_MAX];
    return join(path, folder, name) && access(path, F_OK) == 0;
}

hm_status hm_draft_replace(
        hm_draft *draft, const char *path, const char *mark, hm_error *error) {
    if (rename(draft->path, path) == 0) {
        draft->path[0] = '\0';
        return HM_OK;
    }
    if (!is_taken(errno)) {
        return give_up(draft, error);
    }
    if (!has_file(path, mark)) {
        hm_draft_abandon(draft);
        return hm_error_set(error, HM_IO,
                "`%s` is there already, and is something else: name a folder that is "
                "not there",
                path);
    }
    // Aside with the old one: nobody sees half of either.
    char aside[PATH_MAX];
    if (snprintf(aside, sizeof aside, "%s.old", draft->path) >= PATH_MAX) {
        hm_draft_abandon(draft);
        return too_long(error);
    }
    if (rename(path, aside) != 0) {
        return give_up(draft, error);
    }
    if (rename(draft->path, path) != 0) {
        hm_status status = give_up(draft, error);
        (void)!rename(aside, path);
        return status;
    }
    draft->path[0] = '\0';
    remove_folder(aside);
    return HM_OK;
}
