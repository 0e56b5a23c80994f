// parts.c — see parts.h, and HM_PARTS in what the reflector writes.

#include "cli/parts.h"

#include <unistd.h>

#include "base/error.h"
#include "cli/process.h"

enum { MOST = 64 };

size_t hm_parts_count(const hm_reflection *reflection) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t most = processors < 1 ? 1 : processors > MOST ? MOST : (size_t)processors;
    return reflection->part_count < most ? reflection->part_count : most;
}

static hm_status start_part(hm_session *session, const hm_words *command,
        const char *source, size_t count, size_t part, const char *object,
        pid_t *process) {
    hm_words words = {0};
    for (size_t i = 0; i < command->count; i++) {
        HM_TRY(hm_words_add(session, &words, command->items[i]));
    }
    HM_TRY(hm_words_add(
            session, &words, hm_session_text(session, "-DHM_PARTS=%zu", count)));
    HM_TRY(hm_words_add(
            session, &words, hm_session_text(session, "-DHM_PART=%zu", part)));
    HM_TRY(hm_words_add(session, &words, "-c"));
    HM_TRY(hm_words_add(session, &words, source));
    HM_TRY(hm_words_add(session, &words, "-o"));
    HM_TRY(hm_words_add(session, &words, object));
    return hm_process_start(session, words.items, -1, process);
}

hm_status hm_parts_compile(hm_session *session, const hm_words *command,
        const char *source, size_t count, const char *folder, hm_words *objects) {
    pid_t processes[MOST];
    size_t started = 0;
    hm_status status = HM_OK;
    while (status == HM_OK && started < count) {
        status = hm_words_add(session, objects,
                hm_session_text(session, "%s/part_%zu.o", folder, started));
        if (status == HM_OK) {
            status = start_part(session, command, source, count, started,
                    objects->items[objects->count - 1], &processes[started]);
            started += status == HM_OK;
        }
    }
    for (size_t i = 0; i < started; i++) {
        int code;
        hm_process_wait(processes[i], &code);
        status = status == HM_OK && code != 0 ? HM_BAD_ARGUMENT : status;
    }
    return status;
}
