// facts.c — see facts.h.

#include "adapters/formats/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/allocator.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/system_error.h"

enum { PIECE = 1 << 18 };

static hm_status digest(int file, hm_digest *sum, char *piece, hm_error *error) {
    for (;;) {
        ssize_t got = read(file, piece, PIECE);
        if (got == 0) {
            return HM_OK;
        }
        if (got > 0) {
            hm_digest_add(sum, piece, (size_t)got);
        } else if (errno != EINTR) {
            return hm_system_error(error, "cannot read it");
        }
    }
}

static hm_status read_content(
        int file, char content[HM_CONTENT_SIZE], hm_error *error) {
    const hm_allocator *allocator = hm_allocator_or_default(NULL);
    hm_digest *sum = hm_digest_create();
    char *piece = hm_allocate(allocator, PIECE, 1);
    hm_status status = sum != NULL && piece != NULL ? digest(file, sum, piece, error)
                                                    : hm_error_no_memory(error);
    if (status == HM_OK) {
        hm_digest_get(sum, content);
    }
    hm_deallocate(allocator, piece, PIECE, 1);
    hm_digest_destroy(sum);
    return status;
}

static hm_status look_at(
        int file, bool with_content, hm_data_facts *facts, hm_error *error) {
    struct stat status;
    if (fstat(file, &status) != 0) {
        return hm_system_error(error, "cannot look at it");
    }
    if (!S_ISREG(status.st_mode)) {
        return HM_OK;
    }
    facts->bytes = status.st_size;
    facts->modified =
            (int64_t)status.st_mtim.tv_sec * 1000000 + status.st_mtim.tv_nsec / 1000;
    return with_content ? read_content(file, facts->content, error) : HM_OK;
}

hm_status hm_data_facts_of_file(
        const char *path, bool with_content, hm_data_facts *facts, hm_error *error) {
    hm_data_facts found = {.source = path, .bytes = -1, .modified = -1};
    hm_error detail;
    // What is no file may wait for somebody at its other end.
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    hm_status status = file >= 0 ? look_at(file, with_content, &found, &detail)
                                 : hm_system_error(&detail, "cannot open it");
    if (file >= 0) {
        close(file);
    }
    if (status != HM_OK) {
        return hm_error_set(error, status, "%s: %s", path, detail.message);
    }
    *facts = found;
    return HM_OK;
}

hm_status hm_facts_saved_path(
        const hm_save *given, const char **path, hm_error *error) {
    *path = hm_argument_string(&given->arguments[0]);
    return strcmp(*path, "-") != 0
                   ? HM_OK
                   : hm_error_set(error, HM_BAD_ARGUMENT,
                             "`-` names no file to save to; request the node itself, "
                             "and print it, or write ./-");
}

void hm_facts_note(const char *path, bool with_content, hm_data_facts *facts) {
    facts->source = path;
    if (strcmp(path, "-") != 0) {
        // What is not known does no harm.
        (void)!hm_data_facts_of_file(path, with_content, facts, NULL);
    }
}
