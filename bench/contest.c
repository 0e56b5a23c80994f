// contest.c — see contest.h.

#include "bench/contest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/compiled.h"
#include "bench/floor.h"

enum { SYSTEM_LIMIT = 2 + HM_PEER_LIMIT };

// All who run a dataflow: ours, the floor, and the peers, each with a floor of its own.
struct field {
    const hm_dataflow *dataflow;
    hm_compiled ours;
    hm_floor *floor;
    hm_floor *floors[HM_PEER_LIMIT];
    const hm_peer *peers[HM_PEER_LIMIT];
    void *subjects[HM_PEER_LIMIT];
    size_t peer_count;
};

static bool run_hamilton(void *subject) {
    struct field *field = subject;
    return hm_run_execute(field->ours.run, NULL) == HM_OK;
}

static bool run_floor(void *subject) {
    hm_floor_run(subject);
    return true;
}

static bool enter(struct field *field, const hm_contest *contest) {
    bool is_shared = contest->rule == HM_SHARED;
    field->floor = hm_floor_create(field->dataflow);
    if (field->floor == NULL || !hm_compiled_init_threads(&field->ours, field->dataflow,
                                        HM_PEER_THREADS, is_shared)) {
        return false;
    }
    const hm_peer *peers[HM_PEER_LIMIT];
    size_t count = hm_peers(peers);
    for (size_t i = 0; i < count; i++) {
        if (is_shared && peers[i]->is_serial) {
            continue;
        }
        size_t place = field->peer_count++;
        field->peers[place] = peers[i];
        field->floors[place] = hm_floor_create(field->dataflow);
        if (field->floors[place] == NULL) {
            return false;
        }
        field->subjects[place] = peers[i]->create(field->floors[place]);
        if (field->subjects[place] == NULL) {
            return false;
        }
    }
    return true;
}

static void leave(struct field *field) {
    for (size_t i = 0; i < field->peer_count; i++) {
        field->peers[i]->destroy(field->subjects[i]);
        hm_floor_destroy(field->floors[i]);
    }
    hm_floor_destroy(field->floor);
    hm_compiled_finish(&field->ours);
}

// All values that are wanted are the same to the last bit.
static bool agree(struct field *field) {
    const hm_dataflow *dataflow = field->dataflow;
    for (uint32_t i = 0; i < dataflow->wanted_count; i++) {
        const double *expected = &field->floor->nodes[dataflow->wanted[i]].out;
        const double *ours = hm_compiled_slot(&field->ours, dataflow->wanted_names[i]);
        bool is_same = memcmp(ours, expected, sizeof *expected) == 0;
        for (size_t p = 0; p < field->peer_count; p++) {
            const double *theirs = &field->floors[p]->nodes[dataflow->wanted[i]].out;
            is_same = is_same && memcmp(theirs, expected, sizeof *expected) == 0;
        }
        if (!is_same) {
            fprintf(stderr, "%s of %s is not the same everywhere\n",
                    dataflow->wanted_names[i], dataflow->module.name);
            return false;
        }
    }
    return true;
}

static bool measure(const hm_contest *contest, struct field *field, bool is_quick) {
    hm_system systems[SYSTEM_LIMIT] = {
            {.name = "hamilton",
                    .run = run_hamilton,
                    .subject = field,
                    .workers = HM_PEER_THREADS},
            {.name = "floor", .run = run_floor, .subject = field->floor},
    };
    for (size_t p = 0; p < field->peer_count; p++) {
        systems[2 + p] = (hm_system){.name = field->peers[p]->name,
                .run = field->peers[p]->run,
                .subject = field->subjects[p],
                .workers = HM_PEER_THREADS};
    }
    const hm_measurement measurement = {.bench = contest->bench,
            .name = field->dataflow->module.name,
            .unit = "ns/node",
            .per_second = 1e9 / field->dataflow->node_count,
            .rounds = HM_MEASURE_PAIRS,
            .comparison = contest->work > 0 ? HM_SPEED_UPS : HM_RATIO_TO_ALL,
            .systems = systems,
            .system_count = 2 + field->peer_count};
    return hm_measure(&measurement, is_quick);
}

bool hm_contest_hold_one(
        const hm_contest *contest, hm_dataflow *dataflow, bool is_quick) {
    if (dataflow == NULL) {
        fprintf(stderr, "no memory\n");
        return false;
    }
    struct field field = {.dataflow = dataflow};
    bool is_done = enter(&field, contest) && measure(contest, &field, is_quick) &&
                   agree(&field);
    leave(&field);
    hm_dataflow_destroy(dataflow);
    return is_done;
}

uint32_t hm_contest_rounds(uint32_t nanoseconds) {
    enum { ROUNDS = 100000, TRY_COUNT = 20 };
    double fastest = 1;
    volatile double kept = 1;
    for (int try = 0; try < TRY_COUNT; try++) {
        double begin = hm_measure_now();
        kept = hm_dataflow_work(kept, ROUNDS);
        double taken = hm_measure_now() - begin;
        fastest = taken < fastest ? taken : fastest;
    }
    return (uint32_t)(1e-9 * nanoseconds / fastest * ROUNDS);
}

bool hm_contest_begin(void) {
    // libuv's pool gets as many threads as the others have.
    return setenv("UV_THREADPOOL_SIZE", "2", 1) == 0;
}

bool hm_contest_hold(const hm_contest *contest, bool is_quick) {
    enum { LONG = 50 * 1000 };
    // Of long nodes a tenth is as good, and does not take minutes.
    uint32_t count = is_quick ? 100 : contest->work >= LONG ? 1000 : 10000;
    uint32_t leaf_count = is_quick ? 64 : contest->work >= LONG ? 2048 : 16384;
    uint32_t width = is_quick ? 10 : 100;
    if (!hm_contest_begin()) {
        return false;
    }
    uint32_t rounds = contest->work > 0 ? hm_contest_rounds(contest->work) : 0;
    hm_dataflow *dataflows[] = {
            hm_dataflow_chain(count, false),
            hm_dataflow_fan(count),
            hm_dataflow_tree(leaf_count),
            hm_dataflow_layers(width, count / width, false),
            hm_dataflow_service(),
    };
    bool is_done = true;
    for (size_t i = 0; i < sizeof dataflows / sizeof dataflows[0]; i++) {
        if (dataflows[i] != NULL && rounds > 0) {
            hm_dataflow_set_work(dataflows[i], rounds);
        }
        if (is_done) {
            is_done = hm_contest_hold_one(contest, dataflows[i], is_quick);
        } else {
            hm_dataflow_destroy(dataflows[i]);
        }
    }
    return is_done;
}
