// group.c — the second pass of a schedule: which calls make a task.
//
// A call joins the task of the one that it needs if it needs no other and no other
// needs that: such a chain has nothing to run side by side, and stays on the worker
// that has its values.
//
//     a ─▶ b ─▶ c ─▶ f        tasks: {a, b, c}, {d}, {e}, {f}
//     d ─────────────▲        c and d both are needed by f, so f begins a task
//     e ─────────────┘
//
// Where it is known what calls cost, tasks that are too short to be worth handing over
// are merged, see merge.c.

#include <string.h>

#include "base/error.h"
#include "engine/merge.h"
#include "engine/pipeline.h"
#include "engine/plan.h"

// A chain that is known to take longer is cut in two, so that there are places at which
// its worker can turn to something more urgent.
static const float longest_chain = 50 * 1000;

// What is known of a call while grouping.
typedef struct hm_neighbours {
    uint32_t before; // the only call that it needs; HM_NONE if there is none
    bool has_more;   // it needs several
    uint32_t after;  // the last call seen that needs it, or HM_NONE
    uint32_t after_count;
} hm_neighbours;

static void meet_neighbours(const hm_plan *plan, hm_neighbours *all) {
    for (uint32_t c = 0; c < plan->call_count; c++) {
        all[c] = (hm_neighbours){.before = HM_NONE, .after = HM_NONE};
        for (uint32_t i = 0; i < hm_plan_need_count(&plan->calls[c]); i++) {
            uint32_t maker = hm_plan_need_maker(plan, c, i);
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

// What is guarded is a task of its own, and so is a pipeline.
static bool is_plain(const hm_plan *plan, uint32_t call) {
    return plan->calls[call].guard == HM_NONE && plan->calls[call].pipeline == HM_NONE;
}

// The tasks of a pipeline: those that open it and share its rows come first.
static uint32_t begin_pipeline(
        hm_schedule *schedule, uint32_t pipeline, uint32_t task) {
    hm_split *split = &schedule->splits[pipeline];
    if (split->share_count == 0) {
        return task;
    }
    split->opening = task++;
    for (uint32_t i = 0; i < split->share_count; i++) {
        schedule->shares[split->first_share + i] = task++;
    }
    return task;
}

static bool continues(const hm_plan *plan, const hm_neighbours *all, uint32_t call) {
    const hm_neighbours *own = &all[call];
    return own->before != HM_NONE && !own->has_more &&
           all[own->before].after_count == 1 && is_plain(plan, call) &&
           is_plain(plan, own->before);
}

// Numbers chains in the order of their first calls, which is one in which they can run.
static hm_status find_chains(hm_scheduling *scheduling) {
    const hm_plan *plan = scheduling->plan;
    hm_schedule *schedule = scheduling->schedule;
    hm_arena *scratch = &scheduling->arena;
    hm_neighbours *all = hm_arena_array(scratch, plan->call_count, sizeof *all);
    float *costs = hm_arena_array(scratch,
            plan->call_count + plan->pipeline_count + schedule->share_count,
            sizeof *costs);
    if (all == NULL || costs == NULL) {
        return HM_NO_MEMORY;
    }
    meet_neighbours(plan, all);
    uint32_t count = 0;
    for (uint32_t c = 0; c < plan->call_count; c++) {
        uint32_t pipeline = plan->calls[c].pipeline;
        uint32_t task = count;
        if (pipeline != HM_NONE && c > 0 && plan->calls[c - 1].pipeline == pipeline) {
            task = schedule->task_of[c - 1];
        } else if (pipeline != HM_NONE) {
            task = begin_pipeline(schedule, pipeline, count);
        } else if (continues(plan, all, c) &&
                   costs[schedule->task_of[all[c].before]] <= longest_chain) {
            task = schedule->task_of[all[c].before];
        }
        count = task >= count ? task + 1 : count;
        schedule->task_of[c] = task;
        costs[task] += scheduling->costs != NULL ? scheduling->costs[c] : 0;
    }
    schedule->tasks.task_count = count;
    return HM_OK;
}

// The calls of each task, in compressed rows.
static hm_status order_calls(hm_scheduling *scheduling) {
    const hm_plan *plan = scheduling->plan;
    hm_schedule *schedule = scheduling->schedule;
    uint32_t task_count = schedule->tasks.task_count;
    uint32_t *first = hm_arena_array(&schedule->arena, task_count + 2, sizeof *first);
    uint32_t *order = hm_arena_array(&schedule->arena, plan->call_count, sizeof *order);
    if (first == NULL || order == NULL) {
        return HM_NO_MEMORY;
    }
    for (uint32_t c = 0; c < plan->call_count; c++) {
        first[schedule->task_of[c] + 2]++;
    }
    for (uint32_t t = 0; t < task_count; t++) {
        first[t + 2] += first[t + 1];
    }
    for (uint32_t c = 0; c < plan->call_count; c++) {
        order[first[schedule->task_of[c] + 1]++] = c;
    }
    schedule->order = order;
    schedule->first_call = first;
    return HM_OK;
}

// The task that waits for what a call needs.
static uint32_t entry_of(const hm_scheduling *scheduling, uint32_t call) {
    const hm_schedule *schedule = scheduling->schedule;
    uint32_t pipeline = scheduling->plan->calls[call].pipeline;
    return pipeline != HM_NONE && schedule->splits[pipeline].share_count > 0
                   ? schedule->splits[pipeline].opening
                   : schedule->task_of[call];
}

// Those of a pipeline among each other.
static void visit_split(const hm_scheduling *scheduling, uint32_t number,
        void (*visit)(uint32_t from, uint32_t to, void *context), void *context) {
    const hm_schedule *schedule = scheduling->schedule;
    const hm_split *split = &schedule->splits[number];
    uint32_t first_call = scheduling->plan->pipelines[number].first_call;
    for (uint32_t i = 0; i < split->share_count; i++) {
        uint32_t share = schedule->shares[split->first_share + i];
        visit(split->opening, share, context);
        visit(share, schedule->task_of[first_call], context);
    }
}

// Calls visit(from, to, context) for each pair of tasks of which one waits for the
// other.
static void visit_edges(const hm_scheduling *scheduling, uint32_t *last_seen,
        void (*visit)(uint32_t from, uint32_t to, void *context), void *context) {
    const hm_plan *plan = scheduling->plan;
    const hm_schedule *schedule = scheduling->schedule;
    uint32_t task_count = schedule->tasks.task_count;
    memset(last_seen, 0xff, task_count * sizeof *last_seen);
    for (uint32_t t = 0; t < task_count; t++) {
        for (uint32_t i = schedule->first_call[t]; i < schedule->first_call[t + 1];
                i++) {
            uint32_t c = schedule->order[i];
            for (uint32_t k = 0; k < hm_plan_need_count(&plan->calls[c]); k++) {
                uint32_t maker = hm_plan_need_maker(plan, c, k);
                uint32_t from = maker != HM_NONE ? schedule->task_of[maker] : t;
                if (from != t && last_seen[from] != t) {
                    last_seen[from] = t;
                    visit(from, entry_of(scheduling, c), context);
                }
            }
        }
    }
    for (uint32_t i = 0; i < plan->pipeline_count; i++) {
        visit_split(scheduling, i, visit, context);
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

static hm_status link_tasks(hm_scheduling *scheduling) {
    hm_arena *arena = &scheduling->schedule->arena;
    hm_task_set *tasks = &scheduling->schedule->tasks;
    uint32_t count = tasks->task_count;
    hm_edges edges = {
            .dependency_count = hm_arena_array(arena, count, sizeof(uint32_t)),
            .next_successor = hm_arena_array(arena, count + 2, sizeof(uint32_t))};
    uint32_t *last_seen = hm_arena_array(&scheduling->arena, count, sizeof(uint32_t));
    uint32_t *roots = hm_arena_array(arena, count, sizeof *roots);
    if (edges.dependency_count == NULL || edges.next_successor == NULL ||
            last_seen == NULL || roots == NULL) {
        return HM_NO_MEMORY;
    }
    visit_edges(scheduling, last_seen, count_edge, &edges);
    for (uint32_t t = 0; t < count; t++) {
        tasks->sink_count += edges.next_successor[t + 2] == 0;
        edges.next_successor[t + 2] += edges.next_successor[t + 1];
        if (edges.dependency_count[t] == 0) {
            roots[tasks->root_count++] = t;
        }
    }
    edges.successors =
            hm_arena_array(arena, edges.next_successor[count + 1], sizeof(uint32_t));
    if (edges.successors == NULL) {
        return HM_NO_MEMORY;
    }
    visit_edges(scheduling, last_seen, put_edge, &edges);
    tasks->roots = scheduling->roots = roots;
    tasks->dependency_count = edges.dependency_count;
    tasks->first_successor = edges.next_successor;
    tasks->successors = scheduling->successors = edges.successors;
    return HM_OK;
}

// Which tasks have no calls.
static hm_status find_sides(hm_scheduling *scheduling) {
    hm_schedule *schedule = scheduling->schedule;
    if (schedule->share_count == 0) {
        return HM_OK;
    }
    uint32_t count = schedule->tasks.task_count;
    schedule->sides = hm_arena_array(&schedule->arena, count, sizeof(hm_side));
    if (schedule->sides == NULL) {
        return HM_NO_MEMORY;
    }
    memset(schedule->sides, 0xff, count * sizeof(hm_side));
    for (uint32_t i = 0; i < scheduling->plan->pipeline_count; i++) {
        const hm_split *split = &schedule->splits[i];
        for (uint32_t k = 0; k < split->share_count; k++) {
            schedule->sides[schedule->shares[split->first_share + k]] =
                    (hm_side){i, HM_STEP_WORK};
            schedule->sides[split->opening] = (hm_side){i, HM_STEP_OPEN};
        }
    }
    return HM_OK;
}

static hm_status link_all(hm_scheduling *scheduling) {
    scheduling->schedule->tasks.sink_count = 0;
    scheduling->schedule->tasks.root_count = 0;
    HM_TRY(find_sides(scheduling));
    HM_TRY(order_calls(scheduling));
    return link_tasks(scheduling);
}

// Copies the task of every call, share and opening to the memory at `to`, or back.
static void copy_numbers(const hm_scheduling *scheduling, uint32_t *to, bool back) {
    const hm_plan *plan = scheduling->plan;
    hm_schedule *schedule = scheduling->schedule;
    for (uint32_t c = 0; c < plan->call_count; c++, to++) {
        uint32_t *task = &schedule->task_of[c];
        *(back ? task : to) = *(back ? to : task);
    }
    for (uint32_t i = 0; i < schedule->share_count; i++, to++) {
        uint32_t *task = &schedule->shares[i];
        *(back ? task : to) = *(back ? to : task);
    }
    for (uint32_t i = 0; i < plan->pipeline_count; i++, to++) {
        uint32_t *task = &schedule->splits[i].opening;
        *(back ? task : to) = *(back ? to : task);
    }
}

hm_status hm_schedule_group(hm_scheduling *scheduling) {
    hm_schedule *schedule = scheduling->schedule;
    HM_TRY(find_chains(scheduling));
    HM_TRY(link_all(scheduling));
    float limit = hm_merge_limit(scheduling);
    if (!(limit > 0) || schedule->tasks.task_count < 2) {
        return HM_OK;
    }
    // What is merged waits for what any of its calls waits for. If that makes the
    // longest path so much longer that all have to wait, it is left.
    uint32_t chain_count = schedule->tasks.task_count;
    const hm_plan *plan = scheduling->plan;
    uint32_t *chains = hm_arena_array(&scheduling->arena,
            plan->call_count + schedule->share_count + plan->pipeline_count,
            sizeof *chains);
    float before;
    float after;
    if (chains == NULL) {
        return HM_NO_MEMORY;
    }
    copy_numbers(scheduling, chains, false);
    HM_TRY(hm_rank_span(scheduling, &before));
    HM_TRY(hm_merge_tasks(scheduling, limit));
    if (schedule->tasks.task_count == chain_count) {
        return HM_OK;
    }
    HM_TRY(link_all(scheduling));
    HM_TRY(hm_rank_span(scheduling, &after));
    float even = scheduling->work / (float)plan->worker_count;
    if (after > even && after > before * 1.02F) {
        copy_numbers(scheduling, chains, true);
        schedule->tasks.task_count = chain_count;
        return link_all(scheduling);
    }
    return HM_OK;
}
