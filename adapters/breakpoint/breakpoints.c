// breakpoints.c — see <hamilton/breakpoint.h>.

#include <uv.h>

#include <hamilton/breakpoint.h>

#include "adapters/rule/which.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/sized.h"

typedef struct hm_point {
    hm_which which;
    bool after;
} hm_point;

struct hm_breakpoints {
    hm_adapter adapter;
    const hm_allocator *allocator;
    hm_arena arena; // of the points
    hm_point *points;
    size_t point_count;
    hm_breakpoint_stop *stop;
    void *context;
    uv_mutex_t turn; // of who stops
};

static hm_status check(void *self, const hm_graph *graph, hm_error *error) {
    const hm_breakpoints *breakpoints = self;
    for (size_t i = 0; i < breakpoints->point_count; i++) {
        HM_TRY(hm_which_check_computed(
                &breakpoints->points[i].which, graph, "a breakpoint", error));
    }
    return HM_OK;
}

static bool has_point(const hm_breakpoints *breakpoints, const hm_graph *graph,
        const hm_planned_node *node, bool after) {
    for (size_t i = 0; i < breakpoints->point_count; i++) {
        const hm_point *point = &breakpoints->points[i];
        if (point->after == after && hm_which_fits(&point->which, graph, node)) {
            return true;
        }
    }
    return false;
}

static hm_want want(void *self, const hm_graph *graph, const hm_planned_node *node) {
    return has_point(self, graph, node, false) || has_point(self, graph, node, true)
                   ? HM_WANT_TO_WRAP
                   : HM_WANT_NOTHING;
}

static hm_status stop_at(
        hm_breakpoints *breakpoints, hm_call *call, bool is_after, hm_error *error) {
    const hm_graph *graph = call->running->planned->graph;
    if (!has_point(breakpoints, graph, call->node, is_after)) {
        return HM_OK;
    }
    uv_mutex_lock(&breakpoints->turn);
    hm_status status = breakpoints->stop(breakpoints->context, call, is_after, error);
    uv_mutex_unlock(&breakpoints->turn);
    return status;
}

static hm_status before(void *self, hm_call *call, hm_error *error) {
    return stop_at(self, call, false, error);
}

static hm_status after(void *self, hm_call *call, hm_error *error) {
    return stop_at(self, call, true, error);
}

static hm_status init(hm_breakpoints *breakpoints,
        const hm_breakpoints_options *options, hm_error *error) {
    if (options->stop == NULL) {
        return hm_error_set(error, HM_BAD_ARGUMENT, "stop is no function");
    }
    breakpoints->points = hm_arena_array(
            &breakpoints->arena, options->point_count + 1, sizeof(hm_point));
    if (breakpoints->points == NULL) {
        return hm_error_no_memory(error);
    }
    for (size_t i = 0; i < options->point_count; i++) {
        hm_point *point = &breakpoints->points[i];
        *point =
                (hm_point){{.node = options->points[i].node}, options->points[i].after};
        if (point->which.node == NULL) {
            return hm_error_set(
                    error, HM_BAD_ARGUMENT, "breakpoint %zu names no node", i);
        }
        if (!hm_which_copy(&point->which, &breakpoints->arena)) {
            return hm_error_no_memory(error);
        }
    }
    breakpoints->point_count = options->point_count;
    breakpoints->stop = options->stop;
    breakpoints->context = options->context;
    breakpoints->adapter = (hm_adapter){.struct_size = sizeof(hm_adapter),
            .name = "breakpoints",
            .self = breakpoints,
            .graph_built = check,
            .wants = want,
            .before = before,
            .after = after};
    return HM_OK;
}

hm_status hm_breakpoints_create(const hm_breakpoints_options *options,
        hm_breakpoints **breakpoints, hm_error *error) {
    hm_breakpoints_options known;
    HM_TRY(hm_sized_read(
            options, &known, sizeof known, "HM_BREAKPOINTS_OPTIONS_INIT", error));
    const hm_allocator *allocator = hm_allocator_or_default(known.allocator);
    hm_breakpoints *created = hm_allocate_array(allocator, 1, sizeof *created);
    if (created == NULL) {
        return hm_error_no_memory(error);
    }
    if (uv_mutex_init(&created->turn) != 0) {
        hm_deallocate_array(allocator, created, 1, sizeof *created);
        return hm_error_no_memory(error);
    }
    created->allocator = allocator;
    hm_arena_init(&created->arena, allocator);
    hm_status status = init(created, &known, error);
    if (status != HM_OK) {
        hm_breakpoints_destroy(created);
        return status;
    }
    *breakpoints = created;
    return HM_OK;
}

const hm_adapter *hm_breakpoints_adapter(const hm_breakpoints *breakpoints) {
    return &breakpoints->adapter;
}

void hm_breakpoints_destroy(hm_breakpoints *breakpoints) {
    if (breakpoints == NULL) {
        return;
    }
    const hm_allocator *allocator = breakpoints->allocator;
    hm_arena_finish(&breakpoints->arena);
    uv_mutex_destroy(&breakpoints->turn);
    hm_deallocate_array(allocator, breakpoints, 1, sizeof *breakpoints);
}
