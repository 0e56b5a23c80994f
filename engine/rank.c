// rank.c — the third pass of a schedule: of tasks that become ready together, which
// goes first. A task's rank is how long the longest path from its beginning to the end
// of a run is: what stands on that path must not wait, since nothing makes up for it
// (critical path scheduling, after Hu 1961). Of equal ranks the one with more
// successors goes first, as it makes more ready.
//
// Ranks are written nowhere but into the order of roots and successors: the first is
// taken next by the worker that made it ready, the last is what a thief gets.

#include <stdlib.h>

#include "base/error.h"
#include "engine/pipeline.h"
#include "engine/plan.h"

static const float start_cost = 1000; // nanoseconds, of an asynchronous call: a guess

static const float alike = 1.5F; // costs that differ by less may be the same

typedef struct hm_ranked {
    float rank;
    uint32_t successor_count;
    uint32_t task;
} hm_ranked;

static int compare(const void *a, const void *b) {
    const hm_ranked *x = a;
    const hm_ranked *y = b;
    if (x->rank > y->rank || x->rank < y->rank) {
        return x->rank > y->rank ? -1 : 1;
    }
    if (x->successor_count != y->successor_count) {
        return x->successor_count > y->successor_count ? -1 : 1;
    }
    return x->task < y->task ? -1 : 1;
}

// Puts the tasks of a row into the order of their ranks; room is for all of them.
static void sort_row(const hm_task_set *tasks, const float *ranks, uint32_t *row,
        uint32_t count, hm_ranked *room) {
    bool is_sorted = true;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t t = row[i];
        room[i] = (hm_ranked){
                ranks[t], tasks->first_successor[t + 1] - tasks->first_successor[t], t};
        is_sorted = is_sorted && (i == 0 || compare(&room[i - 1], &room[i]) < 0);
    }
    if (is_sorted) {
        return;
    }
    qsort(room, count, sizeof *room, compare);
    for (uint32_t i = 0; i < count; i++) {
        row[i] = room[i].task;
    }
}

static bool is_split(const hm_scheduling *scheduling, uint32_t call) {
    uint32_t pipeline = scheduling->plan->calls[call].pipeline;
    return pipeline != HM_NONE &&
           scheduling->schedule->splits[pipeline].share_count > 0;
}

// A worker's share of a pipeline's rows.
static float cost_of_side(const hm_scheduling *scheduling, uint32_t task) {
    const hm_side *side = &scheduling->schedule->sides[task];
    const hm_pipeline *pipeline = &scheduling->plan->pipelines[side->pipeline];
    if (scheduling->costs == NULL || side->kind == HM_STEP_OPEN) {
        return 0;
    }
    float cost = 0;
    for (uint32_t m = 0; m < pipeline->call_count; m++) {
        cost += scheduling->costs[pipeline->first_call + m];
    }
    return cost / (float)scheduling->schedule->splits[side->pipeline].share_count;
}

// Where not all costs are known, every call counts as one.
static float cost_of(const hm_scheduling *scheduling, uint32_t task) {
    const hm_schedule *schedule = scheduling->schedule;
    uint32_t first = schedule->first_call[task];
    uint32_t end = schedule->first_call[task + 1];
    if (hm_schedule_is_side(schedule, task)) {
        return cost_of_side(scheduling, task);
    }
    if (scheduling->costs == NULL) {
        return (float)(end - first);
    }
    float cost = 0;
    for (uint32_t i = first; i < end; i++) {
        uint32_t call = schedule->order[i];
        cost += is_split(scheduling, call) ? 0 : scheduling->costs[call];
    }
    return cost;
}

// What a task keeps its worker for: an asynchronous call takes its time elsewhere.
static float occupation_of(const hm_scheduling *scheduling, uint32_t task) {
    const hm_schedule *schedule = scheduling->schedule;
    if (hm_schedule_is_side(schedule, task)) {
        return cost_of(scheduling, task);
    }
    uint32_t call = schedule->order[schedule->first_call[task]];
    return hm_plan_call_is_async(scheduling->plan, call) ? start_cost
                                                         : cost_of(scheduling, task);
}

// What tasks cost, in any order. NULL if memory ran out.
static float *costs_of_all(const hm_scheduling *scheduling, hm_arena *arena) {
    uint32_t count = scheduling->schedule->tasks.task_count;
    float *costs = hm_arena_array(arena, count, sizeof *costs);
    for (uint32_t t = 0; costs != NULL && t < count; t++) {
        costs[t] = cost_of(scheduling, t);
    }
    return costs;
}

static int compare_costs(const void *a, const void *b) {
    const hm_ranked *x = a;
    const hm_ranked *y = b;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

// Makes costs that hardly differ the same, their mean. No measurement is better than
// that, and if alike tasks had ranks of their own, chance would decide between them in
// place of the number of their successors.
static void even_out(float *costs, uint32_t count, hm_ranked *room) {
    for (uint32_t t = 0; t < count; t++) {
        room[t] = (hm_ranked){.rank = costs[t], .task = t};
    }
    qsort(room, count, sizeof *room, compare_costs);
    for (uint32_t first = 0, end; first < count; first = end) {
        double sum = 0;
        for (end = first; end < count && room[end].rank <= alike * room[first].rank;
                end++) {
            sum += (double)room[end].rank;
        }
        if (end == first) { // costs nothing
            end++;
        }
        for (uint32_t i = first; i < end; i++) {
            costs[room[i].task] = (float)(sum / (end - first));
        }
    }
}

// Each task's rank; the rows of the successors are in any order.
static float *rank_all(
        const hm_scheduling *scheduling, const float *costs, hm_arena *arena) {
    const hm_task_set *tasks = &scheduling->schedule->tasks;
    float *ranks = hm_arena_array(arena, tasks->task_count, sizeof *ranks);
    for (uint32_t t = tasks->task_count; ranks != NULL && t-- > 0;) {
        float longest = 0;
        for (uint32_t i = tasks->first_successor[t]; i < tasks->first_successor[t + 1];
                i++) {
            float rank = ranks[tasks->successors[i]];
            longest = rank > longest ? rank : longest;
        }
        ranks[t] = longest + costs[t];
    }
    return ranks;
}

hm_status hm_rank_span(hm_scheduling *scheduling, float *span) {
    const float *costs = costs_of_all(scheduling, &scheduling->arena);
    const float *ranks =
            costs != NULL ? rank_all(scheduling, costs, &scheduling->arena) : NULL;
    if (ranks == NULL) {
        return HM_NO_MEMORY;
    }
    *span = 0;
    for (uint32_t t = 0; t < scheduling->schedule->tasks.task_count; t++) {
        *span = ranks[t] > *span ? ranks[t] : *span;
    }
    return HM_OK;
}

static hm_status note_costs(hm_scheduling *scheduling) {
    hm_schedule *schedule = scheduling->schedule;
    uint32_t count = schedule->tasks.task_count;
    schedule->task_costs =
            hm_arena_array(&schedule->arena, count, sizeof *schedule->task_costs);
    if (schedule->task_costs == NULL) {
        return HM_NO_MEMORY;
    }
    if (scheduling->costs == NULL) {
        return HM_OK;
    }
    for (uint32_t t = 0; t < count; t++) {
        schedule->task_costs[t] = occupation_of(scheduling, t);
    }
    schedule->work = scheduling->work;
    return hm_rank_span(scheduling, &schedule->span);
}

hm_status hm_schedule_rank(hm_scheduling *scheduling) {
    const hm_task_set *tasks = &scheduling->schedule->tasks;
    uint32_t count = tasks->task_count;
    float *costs = costs_of_all(scheduling, &scheduling->arena);
    hm_ranked *room = hm_arena_array(&scheduling->arena, count, sizeof *room);
    if (costs == NULL || room == NULL) {
        return HM_NO_MEMORY;
    }
    if (scheduling->costs != NULL) {
        even_out(costs, count, room);
    }
    const float *ranks = rank_all(scheduling, costs, &scheduling->arena);
    if (ranks == NULL) {
        return HM_NO_MEMORY;
    }
    for (uint32_t t = 0; t < count; t++) {
        uint32_t begin = tasks->first_successor[t];
        sort_row(tasks, ranks, &scheduling->successors[begin],
                tasks->first_successor[t + 1] - begin, room);
    }
    sort_row(tasks, ranks, scheduling->roots, tasks->root_count, room);
    return note_costs(scheduling);
}
