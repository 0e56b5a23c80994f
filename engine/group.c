// group.c — the third pass: which calls make a task. A call joins the task of the one
// that it needs if it needs no other and no other needs that: such a chain has nothing
// to run side by side, and stays on the worker that has its values.
//
//     a ─▶ b ─▶ c ─▶ f        tasks: {a, b, c}, {d}, {e}, {f}
//     d ─────────────▲        c and d both are needed by f, so f begins a task
//     e ─────────────┘

#include <string.h>

#include "base/error.h"
#include "engine/plan.h"

// What is known of a call while grouping.
typedef struct hm_neighbours {
    uint32_t before; // the only call that it needs; HM_NONE if there is none
    bool has_more;   // it needs several
    uint32_t after;  // the last call seen that needs it, or HM_NONE
    uint32_t after_count;
} hm_neighbours;

static uint32_t maker_of(const hm_plan *plan, uint32_t call, size_t parameter) {
    return plan->values[hm_plan_operands(plan, call)[parameter].value].maker;
}

static size_t parameter_count(const hm_plan *plan, uint32_t call) {
    return hm_plan_graph_call(plan, call)->function->parameter_count;
}

static void meet_neighbours(const hm_plan *plan, hm_neighbours *all) {
    for (uint32_t c = 0; c < plan->call_count; c++) {
        all[c] = (hm_neighbours){.before = HM_NONE, .after = HM_NONE};
        for (size_t p = 0; p < parameter_count(plan, c); p++) {
            uint32_t maker = maker_of(plan, c, p);
            if (maker == HM_NONE) {
                continue;
            }
            all[c].has_more |= all[c].before != HM_NONE && all[c].before != maker;
            all[c].before = maker;
            if (all[maker].after != c) { // not the same reader's other parameter
                all[maker].after = c;
                all[maker].after_count++;
            }
        }
    }
}

static bool continues(const hm_neighbours *all, uint32_t call) {
    const hm_neighbours *own = &all[call];
    return own->before != HM_NONE && !own->has_more &&
           all[own->before].after_count == 1;
}

// Numbers tasks in the order of their first calls, which is one in which they can run.
static uint32_t number_tasks(hm_plan *plan, const hm_neighbours *all) {
    uint32_t task_count = 0;
    for (uint32_t c = 0; c < plan->call_count; c++) {
        plan->calls[c].task =
                continues(all, c) ? plan->calls[all[c].before].task : task_count++;
    }
    return task_count;
}

// The calls of each task, in compressed rows.
static hm_status order_calls(hm_plan *plan, uint32_t task_count) {
    uint32_t *first = hm_arena_array(&plan->arena, task_count + 2, sizeof *first);
    uint32_t *order = hm_arena_array(&plan->arena, plan->call_count, sizeof *order);
    if (first == NULL || order == NULL) {
        return HM_NO_MEMORY;
    }
    for (uint32_t c = 0; c < plan->call_count; c++) {
        first[plan->calls[c].task + 2]++;
    }
    for (uint32_t t = 0; t < task_count; t++) {
        first[t + 2] += first[t + 1];
    }
    for (uint32_t c = 0; c < plan->call_count; c++) {
        order[first[plan->calls[c].task + 1]++] = c;
    }
    plan->order = order;
    plan->first_call = first;
    return HM_OK;
}

// Calls visit(from, to, context) for each pair of tasks of which one waits for the
// other, once for each call of `to` that does.
static void visit_edges(const hm_plan *plan, uint32_t *last_seen,
        void (*visit)(uint32_t from, uint32_t to, void *context), void *context) {
    for (uint32_t t = 0; t < plan->tasks.task_count; t++) {
        last_seen[t] = HM_NONE;
    }
    for (uint32_t t = 0; t < plan->tasks.task_count; t++) {
        for (uint32_t i = plan->first_call[t]; i < plan->first_call[t + 1]; i++) {
            uint32_t c = plan->order[i];
            for (size_t p = 0; p < parameter_count(plan, c); p++) {
                uint32_t maker = maker_of(plan, c, p);
                uint32_t from = maker != HM_NONE ? plan->calls[maker].task : t;
                if (from != t && last_seen[from] != t) {
                    last_seen[from] = t;
                    visit(from, t, context);
                }
            }
        }
    }
}

typedef struct hm_edges {
    uint32_t *dependency_count;
    uint32_t *next_successor; // by task, shifted by one: where its next one goes
    uint32_t *successors;     // NULL while they are counted
} hm_edges;

static void count_edge(uint32_t from, uint32_t to, void *context) {
    hm_edges *edges = context;
    edges->dependency_count[to]++;
    edges->next_successor[from + 2]++;
}

static void put_edge(uint32_t from, uint32_t to, void *context) {
    hm_edges *edges = context;
    edges->successors[edges->next_successor[from + 1]++] = to;
}

static hm_status link_tasks(hm_compilation *compilation) {
    hm_plan *plan = compilation->plan;
    hm_task_set *tasks = &plan->tasks;
    uint32_t count = tasks->task_count;
    hm_edges edges = {
            .dependency_count = hm_arena_array(&plan->arena, count, sizeof(uint32_t)),
            .next_successor =
                    hm_arena_array(&plan->arena, count + 2, sizeof(uint32_t))};
    uint32_t *last_seen = hm_arena_array(&compilation->arena, count, sizeof(uint32_t));
    uint32_t *roots = hm_arena_array(&plan->arena, count, sizeof *roots);
    if (edges.dependency_count == NULL || edges.next_successor == NULL ||
            last_seen == NULL || roots == NULL) {
        return HM_NO_MEMORY;
    }
    visit_edges(plan, last_seen, count_edge, &edges);
    for (uint32_t t = 0; t < count; t++) {
        tasks->sink_count += edges.next_successor[t + 2] == 0;
        edges.next_successor[t + 2] += edges.next_successor[t + 1];
        if (edges.dependency_count[t] == 0) {
            roots[tasks->root_count++] = t;
        }
    }
    edges.successors = hm_arena_array(
            &plan->arena, edges.next_successor[count + 1], sizeof(uint32_t));
    if (edges.successors == NULL) {
        return HM_NO_MEMORY;
    }
    visit_edges(plan, last_seen, put_edge, &edges);
    tasks->roots = roots;
    tasks->dependency_count = edges.dependency_count;
    tasks->first_successor = edges.next_successor;
    tasks->successors = edges.successors;
    return HM_OK;
}

hm_status hm_plan_group(hm_compilation *compilation) {
    hm_plan *plan = compilation->plan;
    hm_neighbours *all =
            hm_arena_array(&compilation->arena, plan->call_count, sizeof *all);
    if (all == NULL) {
        return HM_NO_MEMORY;
    }
    meet_neighbours(plan, all);
    plan->tasks.task_count = number_tasks(plan, all);
    HM_TRY(order_calls(plan, plan->tasks.task_count));
    return link_tasks(compilation);
}
