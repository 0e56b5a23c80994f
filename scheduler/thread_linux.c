// thread_linux.c — see thread.h. A thread that must wake elsewhere is for so long not
// allowed to run on its waker's processor; it sets that right itself once it is awake.

#define _GNU_SOURCE

#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "scheduler/thread.h"

_Static_assert(sizeof(((hm_thread *)0)->processors) == sizeof(cpu_set_t),
        "as many processors as the C library knows");

void hm_thread_name(const char *name) {
    char shortened[16] = "";
    strncpy(shortened, name, sizeof shortened - 1);
    pthread_setname_np(pthread_self(), shortened);
}

int hm_thread_processor(void) {
    return sched_getcpu();
}

void hm_thread_note(hm_thread *thread) {
    cpu_set_t allowed;
    thread->id = 0;
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
        thread->id = gettid();
        memcpy(thread->processors, &allowed, sizeof allowed);
    }
}

// Allows the thread all of its processors but this one; false if that leaves none.
static bool exclude(const hm_thread *thread, int number) {
    cpu_set_t allowed;
    memcpy(&allowed, thread->processors, sizeof allowed);
    size_t processor = (size_t)number;
    if (thread->id == 0 || number < 0 || !CPU_ISSET(processor, &allowed)) {
        return false;
    }
    CPU_CLR(processor, &allowed);
    return CPU_COUNT(&allowed) > 0 &&
           sched_setaffinity(thread->id, sizeof allowed, &allowed) == 0;
}

void hm_thread_keep_off(hm_thread *sleeper) {
    sleeper->is_kept_off = exclude(sleeper, sched_getcpu());
}

static void allow_all(const hm_thread *thread) {
    cpu_set_t allowed;
    memcpy(&allowed, thread->processors, sizeof allowed);
    sched_setaffinity(thread->id, sizeof allowed, &allowed);
}

void hm_thread_free(hm_thread *thread) {
    if (thread->is_kept_off) {
        allow_all(thread);
        thread->is_kept_off = false;
    }
}

void hm_thread_leave(hm_thread *thread, int processor) {
    if (sched_getcpu() == processor && exclude(thread, processor)) {
        allow_all(thread);
    }
}
