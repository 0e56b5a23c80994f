// crew.h — two threads that share work as a person would have them do it by hand: they
// are there for good, look for work for a while after the last, and then sleep.

#ifndef HM_BENCH_COLUMNS_CREW_H
#define HM_BENCH_COLUMNS_CREW_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { HM_CREW_SIZE = 2 };

typedef struct hm_crew hm_crew;

// The calling thread is member 0. NULL, after a message, if no thread can be started.
hm_crew *hm_crew_create(void);

// Accepts NULL.
void hm_crew_destroy(hm_crew *crew);

// Both members call work(subject, member); it returns when both are back.
void hm_crew_run(hm_crew *crew, void (*work)(void *subject, int member), void *subject);

// Rows that members take by the chunk, each row once. Zeroed, it is at the first.
typedef struct hm_cursor {
    _Alignas(64) _Atomic size_t next;
} hm_cursor;

// False if none is left; rows *begin to *end - 1 are the caller's.
bool hm_cursor_take(
        hm_cursor *cursor, size_t row_count, size_t chunk, size_t *begin, size_t *end);

// Where members wait for each other within their work. Zeroed, nobody is there yet; it
// serves once.
typedef struct hm_meeting {
    _Alignas(64) _Atomic int arrived;
} hm_meeting;

void hm_meeting_arrive(hm_meeting *meeting);
bool hm_meeting_is_complete(hm_meeting *meeting); // all that they did can be seen

// To be called while waiting.
void hm_crew_pause(void);

#endif
