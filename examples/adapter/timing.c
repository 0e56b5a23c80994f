// timing.c — see timing.h. Nodes are called on many threads, so what is counted is
// atomic; all else is set when a plan is compiled, and stays.

#include "timing.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// Of one node of a plan.
struct times {
    atomic_bool is_timed;
    atomic_size_t calls;
    atomic_size_t rows;
    atomic_size_t failures;
    atomic_size_t skips;
    _Atomic(uint64_t) nanoseconds;
};

static uint64_t now(void) {
    struct timespec time;
    timespec_get(&time, TIME_UTC);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static hm_want want(void *self, const hm_graph *graph, const hm_planned_node *node) {
    (void)self;
    (void)graph;
    const hm_tag *tag = hm_planned_tag(node, "timing");
    bool is_off = tag != NULL && strcmp(tag->values[0].text, "off") == 0;
    return is_off ? HM_WANT_NOTHING : HM_WANT_TO_SEE;
}

static hm_status begin_plan(void *self, hm_planned *planned, hm_error *error) {
    (void)self;
    (void)error;
    struct times *times = calloc(planned->node_count, sizeof *times);
    planned->self = times;
    return times != NULL ? HM_OK : HM_NO_MEMORY;
}

static struct times *times_of(const hm_planned *planned, const hm_planned_node *node) {
    return (struct times *)planned->self + node->number;
}

static hm_status before(void *self, hm_call *call, hm_error *error) {
    (void)self;
    (void)error;
    call->memo->number = now();
    return HM_OK;
}

static hm_status after(void *self, hm_call *call, hm_error *error) {
    (void)self;
    (void)error;
    struct times *times = times_of(call->running->planned, call->node);
    uint64_t taken = now() - call->memo->number;
    atomic_store(&times->is_timed, true);
    atomic_fetch_add(&times->calls, 1);
    atomic_fetch_add(&times->rows, call->row_count);
    atomic_fetch_add(&times->failures, call->status != HM_OK);
    atomic_fetch_add(&times->nanoseconds, taken);
    return HM_OK;
}

static void skipped(void *self, hm_running *running, const hm_planned_node *node,
        hm_skip reason, const hm_planned_node *cause) {
    (void)self;
    (void)reason;
    (void)cause;
    struct times *times = times_of(running->planned, node);
    atomic_store(&times->is_timed, true);
    atomic_fetch_add(&times->skips, 1);
}

static void end_plan(void *self, hm_planned *planned) {
    const struct timing *timing = self;
    fprintf(timing->file, "%-12s %6s %6s %7s %7s%s\n", "node", "calls", "rows",
            "failed", "skipped", timing->shows_times ? "      ms" : "");
    for (uint32_t n = 0; n < planned->node_count; n++) {
        struct times *times = times_of(planned, &planned->nodes[n]);
        if (!atomic_load(&times->is_timed)) {
            continue;
        }
        fprintf(timing->file, "%-12s %6zu %6zu %7zu %7zu", planned->nodes[n].name,
                atomic_load(&times->calls), atomic_load(&times->rows),
                atomic_load(&times->failures), atomic_load(&times->skips));
        if (timing->shows_times) {
            fprintf(timing->file, "%8.3f",
                    1e-6 * (double)atomic_load(&times->nanoseconds));
        }
        fprintf(timing->file, "\n");
    }
    free(planned->self);
}

void timing_init(struct timing *timing, FILE *file, bool shows_times) {
    *timing = (struct timing){.adapter = {.struct_size = sizeof(hm_adapter),
                                      .name = "timing",
                                      .self = timing,
                                      .wants = want,
                                      .plan_compiled = begin_plan,
                                      .plan_ended = end_plan,
                                      .before = before,
                                      .after = after,
                                      .skipped = skipped},
            .file = file,
            .shows_times = shows_times};
}
