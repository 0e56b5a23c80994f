// dataflow.h — dataflows to measure: who reads whom, as plain numbers for the
// hand-written alternatives, and as module tables, such as `hamilton reflect` writes,
// for ours.
//
//     chain               layers, 3 wide                 service
//     x0 ▶ n0 ▶ n1 ▶ n2   x0 ▶ n0 ─▶ n3 ─▶ n6            20 nodes in 5 levels,
//                         x1 ▶ n1 ╳▶ n4 ╳▶ n7            3 inputs, 3 wanted:
//                         x2 ▶ n2 ─▶ n5 ─▶ n8            see dataflow.c
//
//     fan, 3 wide         tree, 4 leaves
//        ╱▶ n1 ▶╲         x0 ▶ n0 ▶ n4 ▶ n6
//     n0 ─▶ n2 ▶─ n4      x1 ▶ n1 ▶╱   ╱
//        ╲▶ n3 ▶╱         x2 ▶ n2 ▶ n5╱
//                         x0 ▶ n3 ▶╱
//
// Every value is a double. What a node computes depends on how many values it reads:
// see hm_dataflow_one and the others. With work to do it then computes for longer.

#ifndef HM_BENCH_DATAFLOW_H
#define HM_BENCH_DATAFLOW_H

#include <stdbool.h>
#include <stdint.h>

#include <hamilton/driver.h>
#include <hamilton/module.h>

// How many values a node reads, but for the last of a fan.
enum { HM_SOURCE_LIMIT = 3 };

// What a node reads: a source below the dataflow's input_count is an input, and any
// other the node of that number less input_count, which is smaller than the reader's.
typedef struct hm_sources {
    uint32_t count;
    uint32_t *of;
} hm_sources;

typedef struct hm_dataflow {
    uint32_t input_count;
    uint32_t node_count;
    uint32_t *rounds;    // of each node, see hm_dataflow_work
    hm_sources *sources; // of each node
    uint32_t *wanted;    // the nodes that nobody reads
    uint32_t wanted_count;

    const char **names; // of the inputs, then of the nodes
    const char **wanted_names;
    hm_binding *inputs; // input i is i + 1
    hm_module module;
    const hm_module *modules[1];
} hm_dataflow;

// A file that defines functions in the order of their numbers is the usual thing; in a
// shuffled one nothing is near what it reads. NULL if memory ran out.
hm_dataflow *hm_dataflow_chain(uint32_t node_count, bool is_shuffled);
hm_dataflow *hm_dataflow_layers(uint32_t width, uint32_t depth, bool is_shuffled);
hm_dataflow *hm_dataflow_service(void);
hm_dataflow *hm_dataflow_fan(uint32_t width);
hm_dataflow *hm_dataflow_tree(uint32_t leaf_count); // a power of two

// Chains side by side, which read one input: node n of chain c is number c * length +
// n.
hm_dataflow *hm_dataflow_chains(const char *name, uint32_t count, uint32_t length);

// Gives each node so many rounds of work; then perhaps one of them more.
void hm_dataflow_set_work(hm_dataflow *dataflow, uint32_t rounds);
void hm_dataflow_set_work_of(hm_dataflow *dataflow, uint32_t node, uint32_t rounds);

// Accepts NULL.
void hm_dataflow_destroy(hm_dataflow *dataflow);

// For all wanted nodes; borrows from the dataflow.
hm_driver_options hm_dataflow_options(const hm_dataflow *dataflow);
hm_request hm_dataflow_request(const hm_dataflow *dataflow);

// What a node computes that reads one, two or three values.
static inline double hm_dataflow_one(double a) {
    return a + 1;
}

static inline double hm_dataflow_two(double a, double b) {
    return a - 0.5 * b;
}

static inline double hm_dataflow_three(double a, double b, double c) {
    return a + 0.5 * (b - c);
}

// Goes on computing: each round waits for the one before it.
static inline double hm_dataflow_work(double a, uint32_t rounds) {
    for (uint32_t i = 0; i < rounds; i++) {
        a = a * 0.999 + 0.5;
    }
    return a;
}

#endif
