// thread_other.c — see thread.h: for systems where threads are left to the kernel.

#include "scheduler/thread.h"

void hm_thread_name(const char *name) {
    (void)name;
}

int hm_thread_processor(void) {
    return -1;
}

void hm_thread_note(hm_thread *thread) {
    (void)thread;
}

void hm_thread_keep_off(hm_thread *sleeper) {
    (void)sleeper;
}

void hm_thread_free(hm_thread *thread) {
    (void)thread;
}

void hm_thread_leave(hm_thread *thread, int processor) {
    (void)thread;
    (void)processor;
}
