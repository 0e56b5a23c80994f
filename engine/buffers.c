// buffers.c — the fifth pass of a schedule: which memory the arrays get. A buffer is
// used again for a later array over the same dimension if whoever makes that comes
// after all that read the earlier one, on any number of threads: in the same task, one
// after the other, or because their tasks wait for each other.
//
// Which tasks come before which is a bit for each pair of them, so it is only asked
// where there are not too many.

#include <string.h>

#include "base/error.h"
#include "engine/pipeline.h"
#include "engine/plan.h"

enum {
    MOST_TASKS = 4096, // whose order is known; of others each has buffers of its own
    MOST_TRIED = 64,   // free buffers that are looked at
    BITS = 64,
};

// Free buffers of one dimension and element size.
typedef struct hm_bin {
    size_t element_size;
    uint32_t next;  // the next of the same dimension
    uint32_t first; // free buffer, or HM_NONE
} hm_bin;

typedef struct hm_allotment {
    const hm_plan *plan;
    hm_schedule *schedule;
    uint32_t *bin_of; // dimension -> its first bin
    hm_bin *bins;
    uint32_t bin_count;
    uint32_t task;       // that is passed, and
    uint32_t entry;      // the one that waits for what it needs
    uint32_t *next_free; // buffer -> the next free one
    uint32_t *freed_by;  // buffer -> the task after which it is free
    uint32_t *last_task; // value -> the last task that had done with it; HM_NONE if
                         // none, or not all come before it
    uint32_t *end_count; // value -> how many had
    uint64_t *before;    // task, task -> a bit: the second comes before; or NULL
    size_t row_size;     // words of it for a task
} hm_allotment;

static hm_status order_tasks(hm_allotment *allotment, hm_arena *scratch) {
    const hm_task_set *tasks = &allotment->schedule->tasks;
    if (tasks->task_count > MOST_TASKS) {
        return HM_OK;
    }
    size_t words = (tasks->task_count + BITS - 1) / BITS;
    uint64_t *before =
            hm_arena_array(scratch, tasks->task_count, words * sizeof *before);
    if (before == NULL) {
        return HM_NO_MEMORY;
    }
    for (uint32_t t = 0; t < tasks->task_count; t++) {
        const uint64_t *own = &before[t * words];
        for (uint32_t i = tasks->first_successor[t]; i < tasks->first_successor[t + 1];
                i++) {
            uint32_t next = tasks->successors[i];
            for (size_t w = 0; w < words; w++) {
                before[next * words + w] |= own[w];
            }
            before[next * words + t / BITS] |= UINT64_C(1) << t % BITS;
        }
    }
    allotment->before = before;
    allotment->row_size = words;
    return HM_OK;
}

static bool comes_before(const hm_allotment *allotment, uint32_t a, uint32_t b) {
    return allotment->before != NULL &&
           (allotment->before[b * allotment->row_size + a / BITS] >> a % BITS & 1) != 0;
}

static hm_bin *bin_for(
        hm_allotment *allotment, uint32_t dimension, size_t element_size) {
    uint32_t *link = &allotment->bin_of[dimension];
    while (*link != HM_NONE && allotment->bins[*link].element_size != element_size) {
        link = &allotment->bins[*link].next;
    }
    if (*link == HM_NONE) {
        *link = allotment->bin_count++;
        allotment->bins[*link] = (hm_bin){element_size, HM_NONE, HM_NONE};
    }
    return &allotment->bins[*link];
}

// A free buffer whose readers are all done when the task begins, or HM_NONE.
static uint32_t take_free(hm_allotment *allotment, hm_bin *bin) {
    uint32_t *link = &bin->first;
    for (int tried = 0; *link != HM_NONE && tried < MOST_TRIED; tried++) {
        uint32_t buffer = *link;
        uint32_t task = allotment->freed_by[buffer];
        if (task == allotment->task ||
                comes_before(allotment, task, allotment->entry)) {
            *link = allotment->next_free[buffer];
            return buffer;
        }
        link = &allotment->next_free[buffer];
    }
    return HM_NONE;
}

static void take_buffers(hm_allotment *allotment, uint32_t id) {
    hm_schedule *schedule = allotment->schedule;
    const hm_plan_value *value = &allotment->plan->values[id];
    for (uint32_t k = 0; k < value->level_count; k++) {
        hm_bin *bin =
                bin_for(allotment, value->dimensions[k], hm_plan_level_size(value, k));
        uint32_t buffer = take_free(allotment, bin);
        if (buffer == HM_NONE) {
            buffer = schedule->buffer_count++;
        }
        schedule->buffer_of[value->levels + k] = buffer;
        schedule->last_tenant[buffer] = id;
    }
}

static void give_buffers_back(hm_allotment *allotment, const hm_plan_value *value) {
    for (uint32_t k = 0; k < value->level_count; k++) {
        hm_bin *bin =
                bin_for(allotment, value->dimensions[k], hm_plan_level_size(value, k));
        uint32_t buffer = allotment->schedule->buffer_of[value->levels + k];
        allotment->next_free[buffer] = bin->first;
        allotment->freed_by[buffer] = allotment->task;
        bin->first = buffer;
    }
}

// One that nothing else is in, at any time.
static void take_own_buffer(hm_allotment *allotment, uint32_t level) {
    hm_schedule *schedule = allotment->schedule;
    schedule->last_tenant[schedule->buffer_count] = HM_NONE;
    schedule->buffer_of[level] = schedule->buffer_count++;
}

static void begin_call(hm_allotment *allotment, uint32_t c) {
    const hm_plan *plan = allotment->plan;
    const hm_function *function = hm_plan_graph_call(plan, c)->function;
    const hm_operand *operands = hm_plan_operands(plan, c);
    for (size_t p = 0; p < function->parameter_count; p++) {
        if (operands[p].references != HM_NONE) {
            take_own_buffer(allotment, operands[p].references);
        }
    }
    for (size_t o = 0; o < function->output_count; o++) {
        take_buffers(allotment, operands[function->parameter_count + o].value);
    }
}

// The task has done with values; those that no other has to do with are free.
static void end_call(
        hm_allotment *allotment, const hm_scheduling *scheduling, uint32_t c) {
    const hm_schedule *schedule = allotment->schedule;
    for (uint32_t end = scheduling->first_end[c]; end != HM_NONE;
            end = scheduling->ends[end].next) {
        uint32_t value = scheduling->ends[end].value;
        uint32_t *last = &allotment->last_task[value];
        bool is_first = allotment->end_count[value]++ == 0;
        if (is_first ||
                (*last != HM_NONE && comes_before(allotment, *last, allotment->task))) {
            *last = allotment->task;
        } else {
            *last = HM_NONE;
        }
        if (allotment->end_count[value] == schedule->retirements[value].count &&
                *last != HM_NONE) {
            give_buffers_back(allotment, &allotment->plan->values[value]);
        }
    }
}

static hm_status reserve(hm_allotment *allotment, hm_scheduling *scheduling) {
    hm_schedule *schedule = allotment->schedule;
    hm_arena *scratch = &scheduling->arena;
    uint32_t level_count = allotment->plan->level_count;
    uint32_t dimension_count = allotment->plan->dimension_count;
    schedule->buffer_of =
            hm_arena_array(&schedule->arena, level_count, sizeof(uint32_t));
    schedule->last_tenant =
            hm_arena_array(&schedule->arena, level_count, sizeof(uint32_t));
    allotment->bin_of = hm_arena_array(scratch, dimension_count, sizeof(uint32_t));
    allotment->bins = hm_arena_array(scratch, level_count, sizeof(hm_bin));
    allotment->next_free = hm_arena_array(scratch, level_count, sizeof(uint32_t));
    allotment->freed_by = hm_arena_array(scratch, level_count, sizeof(uint32_t));
    uint32_t value_count = allotment->plan->value_count;
    allotment->last_task = hm_arena_array(scratch, value_count, sizeof(uint32_t));
    allotment->end_count = hm_arena_array(scratch, value_count, sizeof(uint32_t));
    if (schedule->buffer_of == NULL || schedule->last_tenant == NULL ||
            allotment->bin_of == NULL || allotment->bins == NULL ||
            allotment->next_free == NULL || allotment->freed_by == NULL ||
            allotment->last_task == NULL || allotment->end_count == NULL) {
        return HM_NO_MEMORY;
    }
    memset(allotment->bin_of, 0xff, dimension_count * sizeof(uint32_t));
    return order_tasks(allotment, scratch);
}

static void enter_task(hm_allotment *allotment, uint32_t call) {
    const hm_schedule *schedule = allotment->schedule;
    uint32_t pipeline = allotment->plan->calls[call].pipeline;
    allotment->task = schedule->task_of[call];
    allotment->entry = pipeline != HM_NONE && schedule->splits[pipeline].share_count > 0
                               ? schedule->splits[pipeline].opening
                               : allotment->task;
}

hm_status hm_schedule_buffers(hm_scheduling *scheduling) {
    const hm_plan *plan = scheduling->plan;
    hm_schedule *schedule = scheduling->schedule;
    hm_allotment allotment = {.plan = plan, .schedule = schedule};
    if (plan->level_count == 0) {
        return HM_OK;
    }
    HM_TRY(reserve(&allotment, scheduling));
    uint32_t end;
    for (uint32_t i = 0; i < plan->call_count; i = end) {
        // The members of a pipeline have all of their arrays at once.
        uint32_t pipeline = plan->calls[schedule->order[i]].pipeline;
        end = i + hm_plan_unit_size(plan, schedule->order[i]);
        enter_task(&allotment, schedule->order[i]);
        if (pipeline != HM_NONE && plan->pipelines[pipeline].records != HM_NONE) {
            take_own_buffer(&allotment, plan->pipelines[pipeline].records);
        }
        for (uint32_t k = i; k < end; k++) {
            begin_call(&allotment, schedule->order[k]);
        }
        for (uint32_t k = i; k < end; k++) {
            end_call(&allotment, scheduling, schedule->order[k]);
        }
    }
    return HM_OK;
}
