// crew.c — see crew.h. Work is handed over by a number that grows: the second member
// watches it for about as long as it would take to wake up, and then sleeps.

#include "bench/columns/crew.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/measure.h"
#include "bench/settle.h"

struct hm_crew {
    void (*work)(void *subject, int member); // written before `given` is
    void *subject;
    bool is_closing;

    _Alignas(64) _Atomic uint64_t given; // how often there was work
    _Atomic bool is_asleep;
    _Alignas(64) _Atomic uint64_t done; // how often the second member did it

    pthread_mutex_t lock; // for sleeping
    pthread_cond_t woken;
    pthread_t second;
};

static const double patience = 100e-6; // seconds

void hm_crew_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

static void sleep_until_given(hm_crew *crew, uint64_t done) {
    pthread_mutex_lock(&crew->lock);
    // In one order for both: either the first sees that we sleep, or we see its work.
    atomic_store(&crew->is_asleep, true);
    while (atomic_load(&crew->given) == done) {
        pthread_cond_wait(&crew->woken, &crew->lock);
    }
    atomic_store(&crew->is_asleep, false);
    pthread_mutex_unlock(&crew->lock);
}

static void wait_until_given(hm_crew *crew, uint64_t done) {
    enum { LOOKS = 64 };
    double until = hm_measure_now() + patience;
    do {
        for (int i = 0; i < LOOKS; i++) {
            // Acquire: what is to be done was written before.
            if (atomic_load_explicit(&crew->given, memory_order_acquire) != done) {
                return;
            }
            hm_crew_pause();
        }
    } while (hm_measure_now() < until);
    sleep_until_given(crew, done);
}

static void *be_second(void *argument) {
    hm_crew *crew = argument;
    for (uint64_t done = 0;; done++) {
        wait_until_given(crew, done);
        if (crew->is_closing) {
            return NULL;
        }
        crew->work(crew->subject, 1);
        // Release: what it computed can be seen by who sees this.
        atomic_store_explicit(&crew->done, done + 1, memory_order_release);
    }
}

static uint64_t give(hm_crew *crew) {
    uint64_t number = atomic_fetch_add(&crew->given, 1) + 1; // see sleep_until_given
    if (atomic_load(&crew->is_asleep)) {
        pthread_mutex_lock(&crew->lock);
        pthread_cond_signal(&crew->woken);
        pthread_mutex_unlock(&crew->lock);
    }
    return number;
}

void hm_crew_run(
        hm_crew *crew, void (*work)(void *subject, int member), void *subject) {
    crew->work = work;
    crew->subject = subject;
    hm_settle_apart(crew->second); // else it may wake up here, and wait for us to end
    uint64_t number = give(crew);
    work(subject, 0);
    while (atomic_load_explicit(&crew->done, memory_order_acquire) != number) {
        hm_crew_pause();
    }
}

hm_crew *hm_crew_create(void) {
    hm_crew *crew = aligned_alloc(_Alignof(hm_crew), sizeof *crew);
    if (crew == NULL) {
        fprintf(stderr, "no memory\n");
        return NULL;
    }
    *crew = (hm_crew){
            .lock = PTHREAD_MUTEX_INITIALIZER, .woken = PTHREAD_COND_INITIALIZER};
    if (pthread_create(&crew->second, NULL, be_second, crew) != 0) {
        fprintf(stderr, "no thread can be started\n");
        free(crew);
        return NULL;
    }
    return crew;
}

void hm_crew_destroy(hm_crew *crew) {
    if (crew == NULL) {
        return;
    }
    crew->is_closing = true;
    give(crew);
    pthread_join(crew->second, NULL);
    free(crew);
}

bool hm_cursor_take(
        hm_cursor *cursor, size_t row_count, size_t chunk, size_t *begin, size_t *end) {
    size_t row = atomic_fetch_add_explicit(&cursor->next, chunk, memory_order_relaxed);
    if (row >= row_count) {
        return false;
    }
    *begin = row;
    *end = row_count - row < chunk ? row_count : row + chunk;
    return true;
}

void hm_meeting_arrive(hm_meeting *meeting) {
    // Release: who sees that all are here sees what each did before.
    atomic_fetch_add_explicit(&meeting->arrived, 1, memory_order_acq_rel);
}

bool hm_meeting_is_complete(hm_meeting *meeting) {
    return atomic_load_explicit(&meeting->arrived, memory_order_acquire) ==
           HM_CREW_SIZE;
}
