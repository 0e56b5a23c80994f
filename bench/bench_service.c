// bench_service.c — what does one request to a small service cost? 20 nodes in 5
// levels, all tiny: three inputs are set, the plan is run, three outputs are read. One
// client asks at a time, or two on two threads, or one who did nothing for a while. The
// two have a processor each.

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/compiled.h"
#include "bench/dataflow.h"
#include "bench/floor.h"
#include "bench/measure.h"
#include "bench/settle.h"

enum { INPUT_COUNT = 3, OUTPUT_COUNT = 3, SOURCE_LIMIT = 32 };

// A client asks with other numbers each time and adds up the answers.
struct client {
    double request;
    double sum;
    double *inputs[INPUT_COUNT];
    const double *outputs[OUTPUT_COUNT];
};

static void ask(struct client *client) {
    client->request += 1;
    for (size_t i = 0; i < INPUT_COUNT; i++) {
        *client->inputs[i] = client->request * (double)(i + 1);
    }
}

static void answer(struct client *client) {
    for (size_t i = 0; i < OUTPUT_COUNT; i++) {
        client->sum += *client->outputs[i];
    }
}

struct ours {
    struct client client;
    hm_compiled compiled;
};

static bool run_hamilton(void *subject) {
    struct ours *ours = subject;
    ask(&ours->client);
    hm_status status = hm_run_execute(ours->compiled.run, NULL);
    answer(&ours->client);
    return status == HM_OK;
}

struct floored {
    struct client client;
    hm_floor *floor;
};

static bool run_floor(void *subject) {
    struct floored *floored = subject;
    ask(&floored->client);
    hm_floor_run(floored->floor);
    answer(&floored->client);
    return true;
}

struct inlined {
    struct client client;
    double values[SOURCE_LIMIT]; // of each source of the dataflow
};

// The nodes of hm_dataflow_service, written out.
static void compute(double *v) {
    v[3] = hm_dataflow_one(v[0]);
    v[4] = hm_dataflow_two(v[3], v[1]);
    v[5] = hm_dataflow_two(v[3], v[2]);
    v[6] = hm_dataflow_one(v[3]);
    v[7] = hm_dataflow_three(v[3], v[1], v[2]);
    v[8] = hm_dataflow_two(v[3], v[0]);
    v[9] = hm_dataflow_two(v[4], v[5]);
    v[10] = hm_dataflow_two(v[5], v[6]);
    v[11] = hm_dataflow_three(v[4], v[6], v[7]);
    v[12] = hm_dataflow_two(v[7], v[8]);
    v[13] = hm_dataflow_one(v[8]);
    v[14] = hm_dataflow_three(v[4], v[5], v[8]);
    v[15] = hm_dataflow_two(v[9], v[10]);
    v[16] = hm_dataflow_three(v[10], v[11], v[12]);
    v[17] = hm_dataflow_two(v[12], v[13]);
    v[18] = hm_dataflow_two(v[13], v[14]);
    v[19] = hm_dataflow_three(v[9], v[11], v[14]);
    v[20] = hm_dataflow_two(v[15], v[16]);
    v[21] = hm_dataflow_three(v[16], v[17], v[18]);
    v[22] = hm_dataflow_two(v[18], v[19]);
}

static bool run_inline(void *subject) {
    struct inlined *inlined = subject;
    ask(&inlined->client);
    compute(inlined->values);
    answer(&inlined->client);
    return true;
}

static void connect_all(const hm_dataflow *dataflow, struct ours *ours,
        struct floored *floored, struct inlined *inlined) {
    for (uint32_t i = 0; i < INPUT_COUNT; i++) {
        ours->client.inputs[i] = hm_compiled_slot(&ours->compiled, dataflow->names[i]);
        floored->client.inputs[i] = &floored->floor->inputs[i];
        inlined->client.inputs[i] = &inlined->values[i];
    }
    for (uint32_t i = 0; i < OUTPUT_COUNT; i++) {
        uint32_t node = dataflow->wanted[i];
        ours->client.outputs[i] =
                hm_compiled_slot(&ours->compiled, dataflow->wanted_names[i]);
        floored->client.outputs[i] = &floored->floor->nodes[node].out;
        inlined->client.outputs[i] = &inlined->values[INPUT_COUNT + node];
    }
}

// Each has had as many requests as it took to fill its turns; a hundred more, the same
// for all, must give the same answers.
static bool agree(struct ours *ours, struct floored *floored, struct inlined *inlined) {
    struct client *clients[] = {&ours->client, &floored->client, &inlined->client};
    for (size_t i = 0; i < 3; i++) {
        clients[i]->request = 0;
        clients[i]->sum = 0;
    }
    for (size_t i = 0; i < 100; i++) {
        if (!run_hamilton(ours) || !run_floor(floored) || !run_inline(inlined)) {
            return false;
        }
    }
    double sum = inlined->client.sum;
    if (ours->client.sum < sum || ours->client.sum > sum || floored->client.sum < sum ||
            floored->client.sum > sum) {
        fprintf(stderr, "the answers add up to %.17g, %.17g, %.17g\n", ours->client.sum,
                floored->client.sum, sum);
        return false;
    }
    return true;
}

// Two threads that ask at the same time, each with a run or a floor of its own.
enum { BATCH = 100000, QUICK_BATCH = 1000 };

struct pair {
    bool (*run)(void *subject);
    void *first;
    void *second;
    size_t batch; // how often each asks
    pthread_t thread;
    sem_t begin;
    sem_t end;
    bool is_closing; // read after begin, as second_failed after end
    bool second_failed;
};

static bool ask_often(const struct pair *pair, void *subject, size_t count) {
    bool is_right = true;
    for (size_t i = 0; i < count; i++) {
        is_right &= pair->run(subject);
    }
    return is_right;
}

static void wait_for(sem_t *semaphore) {
    while (sem_wait(semaphore) != 0) { // a signal came
    }
}

static void *be_second(void *argument) {
    struct pair *pair = argument;
    hm_settle(1);
    for (;;) {
        wait_for(&pair->begin);
        if (pair->is_closing) {
            return NULL;
        }
        pair->second_failed = !ask_often(pair, pair->second, pair->batch);
        sem_post(&pair->end);
    }
}

static bool run_two(void *subject) {
    struct pair *pair = subject;
    sem_post(&pair->begin);
    bool is_right = ask_often(pair, pair->first, pair->batch);
    wait_for(&pair->end);
    return is_right && !pair->second_failed;
}

static bool run_one(void *subject) {
    struct pair *pair = subject;
    return ask_often(pair, pair->first, 2 * pair->batch);
}

static bool start(struct pair *pair) {
    if (sem_init(&pair->begin, 0, 0) != 0 || sem_init(&pair->end, 0, 0) != 0) {
        return false;
    }
    return pthread_create(&pair->thread, NULL, be_second, pair) == 0;
}

static void stop(struct pair *pair) {
    pair->is_closing = true;
    sem_post(&pair->begin);
    pthread_join(pair->thread, NULL);
}

// A client of each kind.
struct client_set {
    struct ours ours;
    struct floored floored;
    struct inlined inlined;
};

static bool init(struct client_set *set, const hm_dataflow *dataflow) {
    *set = (struct client_set){.floored = {.floor = hm_floor_create(dataflow)}};
    if (set->floored.floor == NULL ||
            !hm_compiled_init(&set->ours.compiled, dataflow)) {
        return false;
    }
    connect_all(dataflow, &set->ours, &set->floored, &set->inlined);
    return true;
}

static void finish(struct client_set *set) {
    hm_floor_destroy(set->floored.floor);
    hm_compiled_finish(&set->ours.compiled);
}

static bool measure_one_client(struct client_set *set, bool is_quick) {
    const hm_system systems[] = {
            {.name = "hamilton", .run = run_hamilton, .subject = &set->ours},
            {.name = "floor", .run = run_floor, .subject = &set->floored},
            {.name = "inline", .run = run_inline, .subject = &set->inlined},
    };
    hm_measurement measurement = {.bench = "service",
            .name = "one_client",
            .unit = "ns/run",
            .per_second = 1e9,
            .rounds = HM_MEASURE_PAIRS,
            .systems = systems,
            .system_count = 3};
    if (!hm_measure(&measurement, is_quick)) {
        return false;
    }
    measurement.name = "after_idle";
    measurement.idle = 0.001;
    measurement.rounds = HM_MEASURE_ROUND_LIMIT;
    return hm_measure(&measurement, is_quick);
}

// Both clients of ours run the same kind of plan, but each its own: what they share is
// what they cannot help sharing.
static bool measure_two_clients(struct client_set sets[2], bool is_quick) {
    size_t batch = is_quick ? QUICK_BATCH : BATCH;
    struct pair ours = {.run = run_hamilton,
            .first = &sets[0].ours,
            .second = &sets[1].ours,
            .batch = batch};
    struct pair floored = {.run = run_floor,
            .first = &sets[0].floored,
            .second = &sets[1].floored,
            .batch = batch};
    if (!start(&ours)) {
        return false;
    }
    if (!start(&floored)) {
        stop(&ours);
        return false;
    }
    hm_settle(0); // after the others were started: they inherit it
    const hm_system systems[] = {
            {.name = "hamilton", .run = run_two, .subject = &ours, .workers = 2},
            {.name = "one_client", .run = run_one, .subject = &ours},
            {.name = "floor", .run = run_two, .subject = &floored, .workers = 2},
    };
    bool is_done = hm_measure(&(hm_measurement){.bench = "service",
                                      .name = "two_clients",
                                      .unit = "ns/run",
                                      .per_second = 1e9 / (2 * (double)batch),
                                      .rounds = HM_MEASURE_PAIRS,
                                      .comparison = HM_SPEED_UPS,
                                      .systems = systems,
                                      .system_count = 3},
            is_quick);
    stop(&ours);
    stop(&floored);
    return is_done;
}

int main(int argument_count, char **arguments) {
    bool is_quick = hm_measure_is_quick(argument_count, arguments);
    hm_dataflow *dataflow = hm_dataflow_service();
    struct client_set sets[2] = {0};
    bool is_done = dataflow != NULL && init(&sets[0], dataflow) &&
                   init(&sets[1], dataflow) && measure_one_client(&sets[0], is_quick) &&
                   measure_two_clients(sets, is_quick);
    for (size_t i = 0; i < 2; i++) {
        is_done = is_done && agree(&sets[i].ours, &sets[i].floored, &sets[i].inlined);
        finish(&sets[i]);
    }
    hm_dataflow_destroy(dataflow);
    return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}
