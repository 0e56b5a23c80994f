// revision.c — see revision.h. Copies are kept by the name that git gives to a tree,
// which stands for its whole content, so they never grow stale.

#include "cli/revision.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "cli/file.h"
#include "cli/interrupt.h"
#include "cli/module_cache.h"
#include "cli/process.h"

// The first line that a git command prints. What it complains about is ours, in
// `fault`.
static hm_status ask_git(hm_session *session, const char *const *arguments,
        const char *fault, const char **answer) {
    FILE *file = tmpfile();
    if (file == NULL) {
        return hm_session_fail(session, HM_IO, NULL,
                "a temporary file cannot be made: %s", strerror(errno));
    }
    size_t before = session->faults.count;
    hm_status status = hm_process_run(session, arguments, fileno(file));
    if (status != HM_OK) {
        if (session->faults.count == before) {
            status = hm_session_fail(session, HM_BAD_ARGUMENT, NULL, "%s", fault);
        }
    } else {
        const char *text;
        size_t length;
        rewind(file);
        status = hm_file_read_open(session, fileno(file), "git", &text, &length);
        if (status == HM_OK) {
            *answer = hm_arena_slice(&session->arena, text, strcspn(text, "\n"));
            status = *answer != NULL ? HM_OK : hm_session_no_memory(session);
        }
    }
    fclose(file);
    return status;
}

// Writes all C files and headers of a tree below a folder.
static hm_status check_out(hm_session *session, const char *tree, const char *folder) {
    const char *index = hm_session_text(session, "GIT_INDEX_FILE=%s/.index", folder);
    const char *target = hm_session_text(session, "--work-tree=%s", folder);
    if (index == NULL || target == NULL) {
        return hm_session_no_memory(session);
    }
    const char *const command[] = {"env", index, "git", "-c",
            "core.hooksPath=/dev/null", target, "checkout", "--quiet", "--force", tree,
            "--", ":(top)*.[ch]", NULL};
    size_t before = session->faults.count;
    hm_status status = hm_process_run(session, command, -1);
    if (status != HM_OK && session->faults.count == before) {
        return hm_session_fail(session, HM_BAD_ARGUMENT, NULL,
                "git could not write the C files of tree %s", tree);
    }
    return status;
}

// The folder that holds the files of a tree.
static hm_status tree_folder(
        hm_session *session, const char *tree, const char **folder) {
    hm_module_cache cache;
    HM_TRY(hm_module_cache_open(session, &cache));
    if (cache.folder == NULL) {
        return hm_session_fail(session, HM_IO, NULL,
                "the files of a git revision are put into the cache folder, which "
                "there "
                "is not");
    }
    const char *kept = hm_session_text(session, "%s/tree.%s", cache.folder, tree);
    if (kept == NULL) {
        return hm_session_no_memory(session);
    }
    *folder = kept;
    if (access(kept, X_OK) == 0) {
        return HM_OK;
    }
    const char *scratch;
    HM_TRY(hm_module_cache_scratch(session, &cache, &scratch));
    hm_status status = check_out(session, tree, scratch);

    // Another process may have been first; a tree is the same whoever writes it.
    if (status == HM_OK && rename(scratch, kept) != 0 && access(kept, X_OK) != 0) {
        status = hm_session_fail(session, HM_IO, NULL, "`%s` cannot be written: %s",
                kept, strerror(errno));
    }
    hm_file_remove_folder(scratch); // if it is still there
    return status;
}

hm_status hm_revision_path(
        hm_session *session, const char *operand, const char **path) {
    const char *colon = strchr(operand, ':');
    if (colon == NULL || access(operand, F_OK) == 0) {
        *path = operand;
        return HM_OK;
    }
    const char *inside = colon + 1;
    if (!hm_file_has_suffix(inside, ".c")) {
        return hm_session_fail(session, HM_BAD_ARGUMENT, NULL,
                "`%s` of revision `%.*s` is no .c file", inside, (int)(colon - operand),
                operand);
    }
    const char *revision =
            hm_session_text(session, "%.*s^{tree}", (int)(colon - operand), operand);
    const char *fault = hm_session_text(session, "git knows no revision `%.*s` here",
            (int)(colon - operand), operand);
    if (revision == NULL || fault == NULL) {
        return hm_session_no_memory(session);
    }
    const char *tree;
    const char *const tree_command[] = {"git", "rev-parse", "--quiet", "--verify",
            "--end-of-options", revision, NULL};
    HM_TRY(ask_git(session, tree_command, fault, &tree));

    // As git has it: a path begins at the root, unless it says that it begins here.
    const char *prefix = "";
    if (strncmp(inside, "./", 2) == 0 || strncmp(inside, "../", 3) == 0) {
        const char *const prefix_command[] = {
                "git", "rev-parse", "--show-prefix", NULL};
        HM_TRY(ask_git(session, prefix_command, fault, &prefix));
    }
    const char *folder = NULL;
    hm_interrupt_hold();
    hm_status status = tree_folder(session, tree, &folder);
    hm_interrupt_release();
    HM_TRY(status);
    *path = hm_session_text(session, "%s/%s%s", folder, prefix, inside);
    if (*path == NULL) {
        return hm_session_no_memory(session);
    }
    if (access(*path, R_OK) != 0) {
        return hm_session_fail(session, HM_IO,
                "the path begins at the root of the repository; write REV:./path for "
                "one "
                "that begins here",
                "there is no C file `%s` in revision `%.*s`", inside,
                (int)(colon - operand), operand);
    }
    return HM_OK;
}
