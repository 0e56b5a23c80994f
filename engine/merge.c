// merge.c — see merge.h. Handing a task over costs 100 to 200 ns, and as much again for
// each of its values that changes sides, so a task should take some microseconds; but
// no task should be so long that the workers cannot share the whole evenly.
//
// Merging must not make a circle. Three ways do not:
//
//     into its only successor        into its only predecessor     with its like
//
//     a ─▶ c   b ─▶ c                a ─▶ b   a ─▶ c               a ┐ level 1
//     {a, b, c}                      {a, b, c}                     b ┘ {a, b}
//
// A task whose successors are all in one group has no way back into it but through
// that; so has one, alone in its group, whose predecessors are all in one. Tasks on one
// level, which is the length of the longest path to them, have no path between them.

#include "engine/merge.h"

#include <string.h>

#include "base/error.h"
#include "engine/cost.h"
#include "engine/plan.h"

static const float longest_task = 20 * 1000; // nanoseconds, of those that are merged
static const float good_task = 4000;         // long enough where there are not so many

enum {
    TASKS_PER_WORKER = 32, // of equal length, in all
    FEWEST_OF_A_LEVEL = 2, // by worker
    MOST_OF_A_LEVEL = 16, // by worker, as far as they need not be longer than good ones
};

typedef struct hm_merging {
    const hm_plan *plan;
    hm_schedule *schedule;
    const hm_task_set *tasks;
    hm_arena *scratch;
    float limit;           // of a merged task's cost
    float *costs;          // by group
    uint32_t *parent;      // by task: union-find
    bool *is_group;        // by task: others were merged into it
    uint32_t *predecessor; // by task: one of those that it waits for, or HM_NONE
    bool *has_several;     // by task: predecessors in different groups
    uint32_t *level;       // by group
} hm_merging;

static uint32_t group_of(hm_merging *merging, uint32_t task) {
    uint32_t *parent = merging->parent;
    while (parent[task] != task) {
        parent[task] = parent[parent[task]];
        task = parent[task];
    }
    return task;
}

static bool fits(const hm_merging *merging, uint32_t a, uint32_t b) {
    return merging->costs[a] + merging->costs[b] <= merging->limit;
}

static void merge(hm_merging *merging, uint32_t from, uint32_t into) {
    merging->parent[from] = into;
    merging->is_group[into] = true;
    merging->is_group[from] = true;
    merging->costs[into] += merging->costs[from];
}

static void merge_into_successors(hm_merging *merging) {
    const hm_task_set *tasks = merging->tasks;
    for (uint32_t t = tasks->task_count; t-- > 0;) {
        uint32_t only = HM_NONE;
        bool has_several = false;
        for (uint32_t i = tasks->first_successor[t]; i < tasks->first_successor[t + 1];
                i++) {
            uint32_t group = group_of(merging, tasks->successors[i]);
            has_several |= only != HM_NONE && only != group;
            only = group;
        }
        if (only != HM_NONE && !has_several && fits(merging, t, only)) {
            merge(merging, t, only);
        }
    }
}

// Going up, every task has told its successors by the time that they are looked at.
static void merge_into_predecessors(hm_merging *merging) {
    const hm_task_set *tasks = merging->tasks;
    memset(merging->predecessor, 0xff, tasks->task_count * sizeof(uint32_t));
    for (uint32_t t = 0; t < tasks->task_count; t++) {
        if (merging->predecessor[t] != HM_NONE && !merging->has_several[t] &&
                !merging->is_group[t]) {
            uint32_t only = group_of(merging, merging->predecessor[t]);
            if (fits(merging, t, only)) {
                merge(merging, t, only);
            }
        }
        uint32_t own = group_of(merging, t);
        for (uint32_t i = tasks->first_successor[t]; i < tasks->first_successor[t + 1];
                i++) {
            uint32_t next = tasks->successors[i];
            uint32_t known = merging->predecessor[next];
            merging->has_several[next] |=
                    known != HM_NONE && group_of(merging, known) != own;
            merging->predecessor[next] = own;
        }
    }
}

// Writes how many tasks of other groups each group waits for, by edges.
static void count_waits(hm_merging *merging, uint32_t *waits) {
    const hm_task_set *tasks = merging->tasks;
    for (uint32_t t = 0; t < tasks->task_count; t++) {
        uint32_t own = group_of(merging, t);
        for (uint32_t i = tasks->first_successor[t]; i < tasks->first_successor[t + 1];
                i++) {
            uint32_t next = group_of(merging, tasks->successors[i]);
            waits[next] += next != own;
        }
    }
}

// The tasks of each group, as lists.
static void list_members(hm_merging *merging, uint32_t *first, uint32_t *next) {
    uint32_t count = merging->tasks->task_count;
    memset(first, 0xff, count * sizeof *first);
    for (uint32_t t = count; t-- > 0;) {
        uint32_t group = group_of(merging, t);
        next[t] = first[group];
        first[group] = t;
    }
}

// Levels by Kahn's algorithm: a group comes when all that it waits for has come. Writes
// the groups into `order` and returns how many there are.
static uint32_t find_levels(hm_merging *merging, uint32_t *waits, uint32_t *first,
        const uint32_t *next, uint32_t *order) {
    const hm_task_set *tasks = merging->tasks;
    uint32_t count = 0;
    for (uint32_t t = 0; t < tasks->task_count; t++) {
        if (group_of(merging, t) == t && waits[t] == 0) {
            order[count++] = t;
        }
    }
    for (uint32_t done = 0; done < count; done++) {
        uint32_t group = order[done];
        for (uint32_t t = first[group]; t != HM_NONE; t = next[t]) {
            for (uint32_t i = tasks->first_successor[t];
                    i < tasks->first_successor[t + 1]; i++) {
                uint32_t after = group_of(merging, tasks->successors[i]);
                if (after == group) {
                    continue;
                }
                if (merging->level[after] <= merging->level[group]) {
                    merging->level[after] = merging->level[group] + 1;
                }
                if (--waits[after] == 0) {
                    order[count++] = after;
                }
            }
        }
    }
    return count;
}

// How long a task on the level that begins at order[i] may be: all workers are to have
// some of it.
static float level_limit(
        const hm_merging *merging, const uint32_t *order, uint32_t count, uint32_t i) {
    float cost = 0;
    for (uint32_t k = i;
            k < count && merging->level[order[k]] == merging->level[order[i]]; k++) {
        cost += merging->costs[order[k]];
    }
    float workers = (float)merging->plan->worker_count;
    float count_of_good = cost / good_task;
    float fewest = FEWEST_OF_A_LEVEL * workers;
    float most = MOST_OF_A_LEVEL * workers;
    float pieces = count_of_good < fewest ? fewest
                   : count_of_good > most ? most
                                          : count_of_good;
    return cost / pieces < merging->limit ? cost / pieces : merging->limit;
}

// Groups of a level stand together in `order`: Kahn's queue is a breadth-first one. Of
// each level those that stand side by side make a task as long as they fit.
static uint32_t number_tasks(
        hm_merging *merging, const uint32_t *order, uint32_t count, uint32_t *number) {
    uint32_t task_count = 0;
    float limit = 0;
    float cost = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t group = order[i];
        bool begins = true;
        if (i == 0 || merging->level[order[i - 1]] != merging->level[group]) {
            limit = level_limit(merging, order, count, i);
        } else {
            begins = cost + merging->costs[group] > limit;
        }
        task_count += begins;
        cost = begins ? merging->costs[group] : cost + merging->costs[group];
        number[group] = task_count - 1;
    }
    return task_count;
}

static hm_status reserve(hm_merging *merging) {
    uint32_t count = merging->tasks->task_count;
    hm_arena *scratch = merging->scratch;
    merging->costs = hm_arena_array(scratch, count, sizeof *merging->costs);
    merging->parent = hm_arena_array(scratch, count, sizeof *merging->parent);
    merging->is_group = hm_arena_array(scratch, count, sizeof *merging->is_group);
    merging->predecessor = hm_arena_array(scratch, count, sizeof *merging->predecessor);
    merging->has_several = hm_arena_array(scratch, count, sizeof *merging->has_several);
    merging->level = hm_arena_array(scratch, count, sizeof *merging->level);
    bool reserved = merging->costs != NULL && merging->parent != NULL &&
                    merging->is_group != NULL && merging->predecessor != NULL &&
                    merging->has_several != NULL && merging->level != NULL;
    return reserved ? HM_OK : HM_NO_MEMORY;
}

// Tasks that must stay as they are cost more than any merged one may.
static void set_costs(hm_merging *merging, const hm_scheduling *scheduling) {
    const hm_schedule *schedule = merging->schedule;
    for (uint32_t t = 0; t < merging->tasks->task_count; t++) {
        merging->parent[t] = t;
        merging->costs[t] = hm_schedule_is_side(schedule, t) ? 2 * merging->limit : 0;
        for (uint32_t i = schedule->first_call[t]; i < schedule->first_call[t + 1];
                i++) {
            uint32_t call = schedule->order[i];
            bool may_merge = hm_plan_call_is_plain(merging->plan, call) &&
                             merging->plan->calls[call].guard == HM_NONE;
            merging->costs[t] +=
                    may_merge ? scheduling->costs[call] : 2 * merging->limit;
        }
    }
}

float hm_merge_limit(const hm_scheduling *scheduling) {
    const hm_plan *plan = scheduling->plan;
    if (scheduling->costs == NULL || hm_cost_is_small(plan, scheduling->work)) {
        return 0;
    }
    float share = scheduling->work / (float)(plan->worker_count * TASKS_PER_WORKER);
    return share < longest_task ? share : longest_task;
}

static void renumber(hm_merging *merging, const uint32_t *number) {
    const hm_plan *plan = merging->plan;
    hm_schedule *schedule = merging->schedule;
    for (uint32_t c = 0; c < plan->call_count; c++) {
        schedule->task_of[c] = number[group_of(merging, schedule->task_of[c])];
    }
    for (uint32_t i = 0; i < schedule->share_count; i++) {
        schedule->shares[i] = number[group_of(merging, schedule->shares[i])];
    }
    for (uint32_t i = 0; i < plan->pipeline_count; i++) {
        uint32_t *opening = &schedule->splits[i].opening;
        *opening = number[group_of(merging, *opening)];
    }
}

hm_status hm_merge_tasks(hm_scheduling *scheduling, float limit) {
    hm_schedule *schedule = scheduling->schedule;
    uint32_t count = schedule->tasks.task_count;
    hm_merging merging = {.plan = scheduling->plan,
            .schedule = schedule,
            .tasks = &schedule->tasks,
            .scratch = &scheduling->arena,
            .limit = limit};
    uint32_t *waits = hm_arena_array(merging.scratch, count, sizeof *waits);
    uint32_t *first = hm_arena_array(merging.scratch, count, sizeof *first);
    uint32_t *next = hm_arena_array(merging.scratch, count, sizeof *next);
    uint32_t *order = hm_arena_array(merging.scratch, count, sizeof *order);
    uint32_t *number = hm_arena_array(merging.scratch, count, sizeof *number);
    if (reserve(&merging) != HM_OK || waits == NULL || first == NULL || next == NULL ||
            order == NULL || number == NULL) {
        return HM_NO_MEMORY;
    }
    set_costs(&merging, scheduling);
    merge_into_successors(&merging);
    merge_into_predecessors(&merging);
    count_waits(&merging, waits);
    list_members(&merging, first, next);
    uint32_t group_count = find_levels(&merging, waits, first, next, order);
    uint32_t task_count = number_tasks(&merging, order, group_count, number);
    if (task_count < count) {
        renumber(&merging, number);
    }
    schedule->tasks.task_count = task_count;
    return HM_OK;
}
