// world.h — all that changes while threads are explored: a point that was reached is
// left and returned to by copying this, the threads' stacks, and what was written into
// the arena since.
//
// Threads are coroutines of the one that there is. They stop at points: before every
// atomic operation and lock, where the explorer says who goes on.

#ifndef HM_TESTS_EXPLORER_WORLD_H
#define HM_TESTS_EXPLORER_WORLD_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct hm_worker hm_worker; // scheduler/worker.h

enum {
    HM_MOST_FIBERS = 8,
    HM_MOST_LOCATIONS = 248,
    HM_MOST_STEPS = 30000, // of one schedule: more is a loop
    HM_STACK_SIZE = 32 * 1024,
};

// What a thread, or a message, knows: how far each thread has come, and of each
// location which of its values is the oldest that may still be seen.
typedef struct hm_view {
    uint16_t clocks[HM_MOST_FIBERS];
    uint16_t times[HM_MOST_LOCATIONS];
} hm_view;

typedef struct hm_fiber {
    jmp_buf context;
    char *low; // the stack is in use from here on
    void (*work)(void *argument);
    void *argument;
    bool is_helper;
    bool has_begun;
    bool has_ended;
    bool is_timed;                       // it may also go on because time is up
    bool (*may_go_on)(const void *what); // what it waits for, or NULL
    const void *what;
    uint32_t choice_count; // it is asked to choose one of so many, if that is not 0
    uint32_t chosen;
    hm_worker *worker; // the thread-local `current` of worker.c
    uint64_t hash;     // of its stack
    hm_view view;
} hm_fiber;

typedef struct hm_world {
    uint32_t fiber_count;
    uint32_t last_run; // who ran last

    uint64_t now;
    uint32_t step_count;
    uint32_t preemptions_left;
    uint32_t timeouts_left; // time may pass so often while somebody can go on

    size_t used;          // of the arena
    size_t change_count;  // in the log of its changes
    uint64_t memory_hash; // of its contents

    // The values that the locations ever had, in the order of time, see order.h.
    hm_view strong; // what every sequentially consistent operation sees
    uint32_t last_message[HM_MOST_LOCATIONS]; // 0 while a location has none
    uint32_t message_count;
    uint64_t message_hash;

    hm_fiber fibers[HM_MOST_FIBERS]; // last: only those that there are are copied
} hm_world;

extern hm_world hm_now;      // the world as it is
extern hm_fiber *hm_running; // NULL while no thread runs but the explorer's own

// How a scenario is explored.
typedef struct hm_rules {
    bool is_exhaustive; // or at random
    bool is_weak;       // loads see what C11 lets them see; else the newest, always
    bool has_bound;     // on preemptions: so many in each schedule
    uint32_t preemptions;
} hm_rules;

extern hm_rules hm_how;

// A new thread. It sees what this one did.
void hm_fiber_add(void (*work)(void *argument), void *argument, bool is_helper);

// Forgets all threads.
void hm_fiber_forget_all(void);

// Whether it could run now.
bool hm_fiber_can_go_on(const hm_fiber *fiber);

// For the explorer: lets it run, up to its next point.
void hm_fiber_resume(hm_fiber *fiber);

// For the explorer: copies the stack out and in; how long the copy is.
size_t hm_fiber_save_stack(const hm_fiber *fiber, char *to);
size_t hm_fiber_restore_stack(const hm_fiber *fiber, const char *from);

// What follows is called by threads. Outside of them it does nothing.

// A point before an access of what others may access too.
void hm_point(const void *at, bool writes);

// One of so many ways to go on.
uint32_t hm_choose(uint32_t count);

// Waits; with a time, until that is up at most: then false. The condition is one of
// memory that a point guards.
void hm_wait_until(bool (*may_go_on)(const void *what), const void *what);
bool hm_wait_until_late(bool (*may_go_on)(const void *what), const void *what);

// Says what is wrong and by which way it came to that, and ends the process.
__attribute__((noreturn, format(printf, 1, 2))) void hm_fail_test(
        const char *format, ...);
__attribute__((format(printf, 2, 3))) void hm_require(
        bool holds, const char *format, ...);

#endif
