// order.c — puts the calls of a plan into an order in which the members of a pipeline
// stand together, and each unit after all that any of its calls needs or waits for. But
// for that the order stays as it was.

#include <string.h>

#include "base/error.h"
#include "engine/plan.h"

typedef struct hm_ordering {
    hm_plan *plan;
    uint32_t *first_member; // by pipeline
    uint32_t *next_member;  // by call
    uint32_t *new_index;    // by call, HM_NONE before it has its place
    uint32_t *path;         // calls whose unit waits for the next one on the path
    uint32_t *need;         // of each: the need that is looked at
    uint32_t path_length;
    uint32_t count;
} hm_ordering;

static uint32_t unit_of(const hm_ordering *ordering, uint32_t call) {
    uint32_t pipeline = ordering->plan->calls[call].pipeline;
    return pipeline != HM_NONE ? ordering->first_member[pipeline] : call;
}

static void enter(hm_ordering *ordering, uint32_t unit) {
    ordering->path[ordering->path_length] = unit;
    ordering->need[ordering->path_length++] = 0;
}

// The unit of something that the end of the path needs and that has no place yet, or
// HM_NONE.
static uint32_t open_need(hm_ordering *ordering) {
    const hm_plan *plan = ordering->plan;
    uint32_t *call = &ordering->path[ordering->path_length - 1];
    uint32_t *i = &ordering->need[ordering->path_length - 1];
    uint32_t own = unit_of(ordering, *call);
    while (*call != HM_NONE) {
        for (; *i < hm_plan_need_count(&plan->calls[*call]); ++*i) {
            uint32_t maker = hm_plan_need_maker(plan, *call, *i);
            if (maker != HM_NONE && ordering->new_index[maker] == HM_NONE &&
                    unit_of(ordering, maker) != own) {
                return unit_of(ordering, maker);
            }
        }
        *i = 0;
        uint32_t next = ordering->next_member[*call];
        if (next == HM_NONE) {
            break;
        }
        *call = next;
    }
    return HM_NONE;
}

static void place_unit(hm_ordering *ordering, uint32_t unit) {
    for (uint32_t c = unit; c != HM_NONE; c = ordering->next_member[c]) {
        ordering->new_index[c] = ordering->count++;
    }
}

static void place_with_needs(hm_ordering *ordering, uint32_t call) {
    if (ordering->new_index[call] != HM_NONE) {
        return;
    }
    enter(ordering, unit_of(ordering, call));
    while (ordering->path_length > 0) {
        uint32_t need = open_need(ordering);
        if (need != HM_NONE) {
            enter(ordering, need);
            continue;
        }
        uint32_t last = ordering->path[--ordering->path_length];
        place_unit(ordering, unit_of(ordering, last));
    }
}

static void list_members(hm_ordering *ordering) {
    const hm_plan *plan = ordering->plan;
    memset(ordering->first_member, 0xff, plan->pipeline_count * sizeof(uint32_t));
    for (uint32_t c = plan->call_count; c-- > 0;) {
        uint32_t pipeline = plan->calls[c].pipeline;
        ordering->next_member[c] = HM_NONE;
        if (pipeline != HM_NONE) {
            ordering->next_member[c] = ordering->first_member[pipeline];
            ordering->first_member[pipeline] = c;
        }
    }
}

hm_status hm_plan_order(hm_compilation *compilation) {
    hm_plan *plan = compilation->plan;
    hm_arena *arena = &compilation->arena;
    uint32_t count = plan->call_count;
    hm_ordering ordering = {.plan = plan,
            .first_member =
                    hm_arena_array(arena, plan->pipeline_count, sizeof(uint32_t)),
            .next_member = hm_arena_array(arena, count, sizeof(uint32_t)),
            .new_index = hm_arena_array(arena, count, sizeof(uint32_t)),
            .path = hm_arena_array(arena, count, sizeof(uint32_t)),
            .need = hm_arena_array(arena, count, sizeof(uint32_t))};
    hm_plan_call *calls = hm_arena_array(&plan->arena, count, sizeof *calls);
    if (ordering.first_member == NULL || ordering.next_member == NULL ||
            ordering.new_index == NULL || ordering.path == NULL ||
            ordering.need == NULL || calls == NULL) {
        return HM_NO_MEMORY;
    }
    memset(ordering.new_index, 0xff, count * sizeof(uint32_t));
    list_members(&ordering);
    for (uint32_t c = 0; c < count; c++) {
        place_with_needs(&ordering, c);
    }
    for (uint32_t c = 0; c < count; c++) {
        calls[ordering.new_index[c]] = plan->calls[c];
    }
    plan->calls = calls;
    for (uint32_t v = 0; v < plan->value_count; v++) {
        uint32_t *maker = &plan->values[v].maker;
        *maker = *maker != HM_NONE ? ordering.new_index[*maker] : HM_NONE;
    }
    return HM_OK;
}
