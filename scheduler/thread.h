// thread.h — what libuv does not know of threads: their names, and where they run.
//
// A kernel that wakes a thread likes to put it on the processor of whoever woke it,
// where the data are. A helper is woken so that two processors work; beside its waker
// it would have to wait for it, or worse, make it wait.

#ifndef HM_SCHEDULER_THREAD_H
#define HM_SCHEDULER_THREAD_H

#include <stdbool.h>
#include <stdint.h>

enum { HM_PROCESSOR_LIMIT = 1024 };

// A thread of which others decide where it wakes. Where that cannot be decided, these
// functions do nothing.
typedef struct hm_thread {
    int id;
    bool is_kept_off; // from a processor; protected by the lock that its user names
    uint64_t processors[HM_PROCESSOR_LIMIT / 64]; // where it may run otherwise
} hm_thread;

// Names the calling thread, for debuggers; at most 15 bytes are kept.
void hm_thread_name(const char *name);

// The processor that the caller is on, or -1.
int hm_thread_processor(void);

// The thread itself: takes note of where it may run. Before each sleep.
void hm_thread_note(hm_thread *thread);

// Any thread: has the other, which sleeps and is not woken yet, wake elsewhere than on
// the caller's processor. It must not end meanwhile.
void hm_thread_keep_off(hm_thread *sleeper);

// The thread itself: goes where it likes again.
void hm_thread_free(hm_thread *thread);

// The thread itself: leaves this processor, if it is there and may be elsewhere.
void hm_thread_leave(hm_thread *thread, int processor);

#endif
