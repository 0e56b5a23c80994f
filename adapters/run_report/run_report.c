// run_report.c — the hooks that fill records of runs, see <hamilton/run_report.h>.
//
// The record of the run that began last is kept; those of others are freed when they
// end, or when another begins after they have.

#include <stdatomic.h>
#include <uv.h>

#include <hamilton/run_report.h>

#include "adapters/run_report/record.h"
#include "base/allocator.h"
#include "base/error.h"

struct hm_run_report {
    hm_adapter adapter;
    const hm_allocator *allocator;
    uv_mutex_t lock; // protects all records
    hm_run_record *last;
};

// Threads are numbered as they come.
static uint32_t this_worker(void) {
    static atomic_uint count;
    static _Thread_local unsigned number;
    if (number == 0) {
        // Relaxed: numbers are only told apart.
        number = 1 + atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
    }
    return number - 1;
}

static void free_record(hm_run_report *report, hm_run_record *record) {
    if (record != NULL) {
        hm_arena_finish(&record->arena);
        hm_deallocate_array(report->allocator, record, 1, sizeof *record);
    }
}

static bool copy_nodes(hm_run_record *record, const hm_planned *planned) {
    hm_arena *arena = &record->arena;
    record->node_count = planned->node_count;
    record->nodes = hm_arena_array(arena, planned->node_count, sizeof *record->nodes);
    bool is_complete = record->nodes != NULL;
    for (uint32_t n = 0; n < planned->node_count && is_complete; n++) {
        const hm_planned_node *node = &planned->nodes[n];
        const char *file = node->function->file;
        record->nodes[n] = (hm_node_record){.name = hm_arena_text(arena, node->name),
                .function = hm_arena_text(arena, node->function->name),
                .file = hm_arena_text(arena, file != NULL ? file : ""),
                .line = node->function->line,
                .mapped = node->mapped};
        is_complete = record->nodes[n].name != NULL &&
                      record->nodes[n].function != NULL &&
                      record->nodes[n].file != NULL;
    }
    return is_complete;
}

static hm_status begin_run(void *self, hm_running *running, hm_error *error) {
    hm_run_report *report = self;
    hm_run_record *record = hm_allocate_array(report->allocator, 1, sizeof *record);
    if (record == NULL) {
        return hm_error_no_memory(error);
    }
    hm_arena_init(&record->arena, report->allocator);
    if (!copy_nodes(record, running->planned)) {
        free_record(report, record);
        return hm_error_no_memory(error);
    }
    record->number = running->number;
    record->began = uv_hrtime();
    running->self = record;
    uv_mutex_lock(&report->lock);
    hm_run_record *before = report->last;
    report->last = record;
    bool has_ended = before != NULL && before->ended != 0;
    uv_mutex_unlock(&report->lock);
    if (has_ended) {
        free_record(report, before);
    }
    return HM_OK;
}

static void end_run(
        void *self, hm_running *running, hm_status status, const char *message) {
    hm_run_report *report = self;
    hm_run_record *record = running->self;
    if (record == NULL) {
        return;
    }
    uv_mutex_lock(&report->lock);
    record->ended = uv_hrtime();
    record->status = status;
    record->message = hm_arena_text(&record->arena, message);
    bool is_last = report->last == record;
    uv_mutex_unlock(&report->lock);
    if (!is_last) {
        free_record(report, record);
    }
}

// The record of a node, with the lock; NULL if there is none.
static hm_node_record *take(
        hm_run_report *report, const hm_running *running, const hm_planned_node *node) {
    hm_run_record *record = running->self;
    if (record == NULL) {
        return NULL;
    }
    uv_mutex_lock(&report->lock);
    return &record->nodes[node->number];
}

static const char *keep(const hm_running *running, const char *text) {
    hm_run_record *record = running->self;
    return hm_arena_text(&record->arena, text);
}

static hm_status before(void *self, hm_call *call, hm_error *error) {
    (void)error;
    hm_run_report *report = self;
    hm_node_record *node = take(report, call->running, call->node);
    if (node != NULL) {
        node->state = HM_NODE_UNDER_WAY;
        node->began = uv_hrtime();
        node->ended = 0;
        node->call_count = node->call_count > 0 ? node->call_count : 1;
        node->row_count = call->row_count;
        node->worker = this_worker();
        uv_mutex_unlock(&report->lock);
    }
    return HM_OK;
}

// Whoever stands around what calls it again hears of its beginning once.
static void repeated(void *self, hm_running *running, const hm_planned_node *node,
        uint64_t delay, const char *message) {
    (void)delay;
    (void)message;
    hm_run_report *report = self;
    hm_node_record *record = take(report, running, node);
    if (record != NULL) {
        record->call_count++;
        uv_mutex_unlock(&report->lock);
    }
}

// Arrays nest at most as deep as the engine has them.
static size_t count_array(const hm_array *array, uint32_t depth, size_t size) {
    if (array->data == NULL) {
        return 0; // nothing, or it was in no array
    }
    if (depth == 1) {
        return array->length * size;
    }
    const hm_array *inner = array->data;
    size_t sum = array->length * sizeof *inner;
    for (size_t i = 0; i < array->length; i++) {
        sum += count_array(&inner[i], depth - 1, size);
    }
    return sum;
}

static size_t count_bytes(const hm_value *value) {
    size_t size = value->by_reference ? sizeof(void *) : value->type->size;
    return value->depth == 0 ? size : count_array(&value->many, value->depth, size);
}

static hm_node_state state_of(hm_status status) {
    switch (status) {
    case HM_OK:
        return HM_NODE_DONE;
    case HM_SKIPPED:
        return HM_NODE_SKIPPED;
    case HM_CANCELLED:
        return HM_NODE_CANCELLED;
    case HM_DEADLINE:
        return HM_NODE_LATE;
    default:
        return HM_NODE_NOT_DONE;
    }
}

static hm_status after(void *self, hm_call *call, hm_error *error) {
    (void)error;
    hm_run_report *report = self;
    size_t bytes = 0;
    for (size_t o = 0; call->status == HM_OK && o < call->node->function->output_count;
            o++) {
        hm_value result = hm_running_result(call->running, call->node, o);
        bytes += count_bytes(&result);
    }
    hm_node_record *node = take(report, call->running, call->node);
    if (node != NULL) {
        node->state = state_of(call->status);
        node->ended = uv_hrtime();
        node->byte_count = bytes;
        uv_mutex_unlock(&report->lock);
    }
    return HM_OK;
}

static void fail(void *self, hm_running *running, const hm_planned_node *planned,
        hm_status status, const char *message) {
    (void)status;
    hm_run_report *report = self;
    hm_node_record *node = take(report, running, planned);
    if (node != NULL) {
        node->state = HM_NODE_NOT_DONE;
        node->reason = keep(running, message);
        uv_mutex_unlock(&report->lock);
    }
}

static void skip(void *self, hm_running *running, const hm_planned_node *planned,
        hm_skip reason, const hm_planned_node *cause) {
    static const hm_node_state states[] = {[HM_SKIP_NEEDED_FAILED] = HM_NODE_SKIPPED,
            [HM_SKIP_RUN_FAILED] = HM_NODE_SKIPPED,
            [HM_SKIP_CANCELLED] = HM_NODE_CANCELLED,
            [HM_SKIP_LATE] = HM_NODE_LATE,
            [HM_SKIP_RETURNED] = HM_NODE_SUPPLIED,
            [HM_SKIP_SUPPLIED] = HM_NODE_SUPPLIED,
            [HM_SKIP_NOT_NEEDED] = HM_NODE_NOT_NEEDED};
    hm_run_report *report = self;
    hm_node_record *node = take(report, running, planned);
    if (node != NULL) {
        node->state = states[reason];
        node->cause = cause != NULL ? keep(running, cause->name) : NULL;
        uv_mutex_unlock(&report->lock);
    }
}

static void miss_rows(void *self, hm_running *running, const hm_planned_node *planned,
        size_t count, const char *message) {
    hm_run_report *report = self;
    hm_node_record *node = take(report, running, planned);
    if (node != NULL) {
        node->failed_row_count = count;
        node->reason = keep(running, message);
        uv_mutex_unlock(&report->lock);
    }
}

static void note_decision(void *self, hm_running *running,
        const hm_planned_node *planned, hm_cache_decision decision, const char *why) {
    hm_run_report *report = self;
    hm_node_record *node = take(report, running, planned);
    if (node != NULL) {
        node->is_decided = true;
        node->decision = decision;
        node->why = why[0] != '\0' ? keep(running, why) : NULL;
        uv_mutex_unlock(&report->lock);
    }
}

hm_status hm_run_report_create(
        const hm_allocator *allocator, hm_run_report **report, hm_error *error) {
    allocator = hm_allocator_or_default(allocator);
    hm_run_report *created = hm_allocate_array(allocator, 1, sizeof *created);
    if (created == NULL) {
        return hm_error_no_memory(error);
    }
    if (uv_mutex_init(&created->lock) != 0) {
        hm_deallocate_array(allocator, created, 1, sizeof *created);
        return hm_error_no_memory(error);
    }
    created->allocator = allocator;
    created->adapter = (hm_adapter){.struct_size = sizeof(hm_adapter),
            .name = "run_report",
            .self = created,
            .only_observes = true,
            .wants = hm_want_to_see,
            .run_began = begin_run,
            .run_ended = end_run,
            .before = before,
            .after = after,
            .repeated = repeated,
            .failed = fail,
            .skipped = skip,
            .decided = note_decision,
            .rows_failed = miss_rows};
    *report = created;
    return HM_OK;
}

const hm_adapter *hm_run_report_adapter(const hm_run_report *report) {
    return &report->adapter;
}

hm_status hm_run_report_write(hm_run_report *report, hm_write *write, void *to) {
    uv_mutex_lock(&report->lock);
    hm_status status = hm_run_record_write(report->last, write, to);
    uv_mutex_unlock(&report->lock);
    return status;
}

void hm_run_report_destroy(hm_run_report *report) {
    if (report == NULL) {
        return;
    }
    const hm_allocator *allocator = report->allocator;
    free_record(report, report->last);
    uv_mutex_destroy(&report->lock);
    hm_deallocate_array(allocator, report, 1, sizeof *report);
}
