// probes.h — static probes: where a tracer such as bpftrace or perf can look at a
// program that is running, see docs/adapters/probes.md. A probe is an instruction that
// does nothing, and a note in the file that says where it is and where its arguments
// are; a tracer puts a trap in its place. What is passed lies in registers already, so
// nobody pays for a probe that is not used.
//
// Each has a semaphore, which a tracer raises. It is asked for where a probe is not for
// nothing: where its arguments have to be looked up, or a quicker way has to be left on
// which there are none. Without <sys/sdt.h> all of this is nothing.

#ifndef HM_BASE_PROBES_H
#define HM_BASE_PROBES_H

#include <stdbool.h>
#include <stdint.h>

#include <hamilton/status.h>

#ifdef HM_HAS_PROBES

#define HM_PROBE_LIST(X)                                                               \
    X(run__begin)                                                                      \
    X(run__end)                                                                        \
    X(task__begin)                                                                     \
    X(task__end)                                                                       \
    X(node__begin)                                                                     \
    X(node__end)                                                                       \
    X(worker__sleep)                                                                   \
    X(worker__wake)

// By the names that <sys/sdt.h> makes of them. Hidden, so that they are found without
// the table of what other libraries may have.
#define X(name)                                                                        \
    extern unsigned short hamilton_##name##_semaphore                                  \
            __attribute__((visibility("hidden"), section(".probes")));
HM_PROBE_LIST(X)
#undef X

#define _SDT_HAS_SEMAPHORES 1
#include <sys/sdt.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic" // what its macros are made of

#define HM_PROBE1(name, a) DTRACE_PROBE1(hamilton, name, a)
#define HM_PROBE2(name, a, b) DTRACE_PROBE2(hamilton, name, a, b)
#define HM_PROBE3(name, a, b, c) DTRACE_PROBE3(hamilton, name, a, b, c)
#define HM_PROBE_IS_USED(name)                                                         \
    (*(volatile const unsigned short *)&hamilton_##name##_semaphore != 0)

#else

#define HM_PROBE1(name, a) ((void)(a))
#define HM_PROBE2(name, a, b) ((void)(a), (void)(b))
#define HM_PROBE3(name, a, b, c) ((void)(a), (void)(b), (void)(c))
#define HM_PROBE_IS_USED(name) false

#endif

// An execution of a plan; both are known by their addresses.
static inline void hm_probe_run_begin(const void *run, const void *plan) {
    HM_PROBE2(run__begin, run, plan);
}

static inline void hm_probe_run_end(const void *run, hm_status status) {
    HM_PROBE2(run__end, run, status);
}

// A worker in a task of a run.
static inline void hm_probe_task_begin(const void *run, uint32_t task) {
    HM_PROBE2(task__begin, run, task);
}

static inline void hm_probe_task_end(const void *run, uint32_t task) {
    HM_PROBE2(task__end, run, task);
}

// A call of a node by its name, and what became of it; not before it is asked whether
// these are used.
static inline bool hm_probe_nodes_are_used(void) {
    return HM_PROBE_IS_USED(node__begin) || HM_PROBE_IS_USED(node__end);
}

// Whether a run is to be executed where these probes, or those of runs, are.
static inline bool hm_probe_runs_are_used(void) {
    return HM_PROBE_IS_USED(run__begin) || HM_PROBE_IS_USED(run__end) ||
           hm_probe_nodes_are_used();
}

static inline void hm_probe_node_begin(const void *run, const char *name) {
    HM_PROBE2(node__begin, run, name);
}

static inline void hm_probe_node_end(
        const void *run, const char *name, hm_status status) {
    HM_PROBE3(node__end, run, name, status);
}

// A worker, by its number in the pool, that found nothing to do; and when it is back.
static inline void hm_probe_worker_sleep(uint32_t worker) {
    HM_PROBE1(worker__sleep, worker);
}

static inline void hm_probe_worker_wake(uint32_t worker) {
    HM_PROBE1(worker__wake, worker);
}

#ifdef HM_HAS_PROBES
#pragma GCC diagnostic pop
#endif

#endif
