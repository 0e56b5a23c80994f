// bundles.c — the adapter that writes a bundle of each node that fails.
//
// An argument is kept as it is where that can be: it is there, whole, and its bytes are
// known. In the place of another the values are kept that the run was given and that it
// was made of; these are there as long as the run is.

#include <stdio.h>
#include <string.h>
#include <uv.h>

#include <hamilton/bundle.h>

#include "adapters/bundle/origin.h"
#include "adapters/bundle/writer.h"
#include "base/allocator.h"
#include "base/canonical.h"
#include "base/error.h"
#include "base/sized.h"

enum { USUAL_MOST = 100 };

struct hm_bundles {
    hm_adapter adapter;
    const hm_allocator *allocator;
    const char *folder;
    hm_bundle_origin origin;
    bool only_sees;
    uint32_t most;
    hm_arena texts; // of the options

    uv_mutex_t lock; // protects what follows
    hm_arena arena;
    hm_bundle_texts paths;
    uint32_t begun_count; // bundles that were written, are being, or could not be
    char trouble[1024];
};

// A bundle on its way.
typedef struct hm_keeping {
    const hm_running *running;
    hm_bundle_writer writer;
    bool *is_visited; // by planned node: what it was made of is kept
    bool *is_kept;    // by node of the graph
    hm_error *error;
} hm_keeping;

static hm_want want(void *self, const hm_graph *graph, const hm_planned_node *node) {
    (void)graph;
    (void)node;
    const hm_bundles *bundles = self;
    return bundles->only_sees ? HM_WANT_TO_SEE : HM_WANT_TO_WRAP;
}

// What members of a pipeline hand on to each other is in no array.
static bool is_whole(const hm_array *array, uint32_t depth) {
    if (array->data == NULL) {
        return array->length == 0;
    }
    for (size_t i = 0; depth > 1 && i < array->length; i++) {
        const hm_array *inner = &((const hm_array *)array->data)[i];
        if (!is_whole(inner, depth - 1)) {
            return false;
        }
    }
    return true;
}

static bool is_there(const hm_value *value) {
    return value->type != NULL &&
           hm_canonical_obstacle(value->type, HM_CANONICAL_TO_KEEP) == NULL &&
           (value->depth == 0 || is_whole(&value->many, value->depth));
}

// Keeps a value for a node of the graph, once. Config is kept as such.
static hm_status keep(hm_keeping *keeping, uint32_t id, const hm_value *value) {
    const hm_graph *graph = keeping->running->planned->graph;
    hm_node node = hm_graph_describe(graph, id);
    if (keeping->is_kept[id] || node.is_config) {
        return HM_OK;
    }
    keeping->is_kept[id] = true;
    const char *file;
    return hm_bundle_writer_keep(&keeping->writer, &keeping->writer.content.inputs,
            node.name, value, !node.is_input, &file, keeping->error);
}

// Keeps what the run was given of all that a planned node was made of. Makers come
// before those who need them, so one sweep down finds them.
static hm_status keep_origins(hm_keeping *keeping, uint32_t number) {
    const hm_planned *planned = keeping->running->planned;
    keeping->is_visited[number] = true;
    for (uint32_t n = number + 1; n-- > 0;) {
        const hm_planned_node *node = &planned->nodes[n];
        for (size_t p = 0;
                keeping->is_visited[n] && p < node->function->parameter_count; p++) {
            const hm_planned_argument *argument = &node->arguments[p];
            if (argument->maker != HM_NONE) {
                keeping->is_visited[argument->maker] = true;
                continue;
            }
            hm_value value = argument->node != HM_NONE
                                     ? hm_running_argument(keeping->running, node, p)
                                     : (hm_value){0};
            if (value.type != NULL) {
                HM_TRY(keep(keeping, argument->node, &value));
            }
        }
    }
    return HM_OK;
}

static hm_status keep_arguments(hm_keeping *keeping, const hm_planned_node *node) {
    for (size_t p = 0; p < node->function->parameter_count; p++) {
        const hm_planned_argument *argument = &node->arguments[p];
        if (argument->node == HM_NONE) {
            continue; // bound, or a default
        }
        hm_value value = hm_running_argument(keeping->running, node, p);
        if (is_there(&value) || (argument->maker == HM_NONE && value.type != NULL)) {
            HM_TRY(keep(keeping, argument->node, &value));
        } else if (argument->maker != HM_NONE) {
            // It is made anew, which a failure on the way does not end.
            keeping->writer.content.keeps_going = true;
            HM_TRY(keep_origins(keeping, argument->maker));
        }
    }
    return HM_OK;
}

// A node in the graph that the function makes.
static uint32_t made_by(const hm_planned_node *node) {
    for (size_t o = 0; o < node->function->output_count; o++) {
        if (node->results[o] != HM_NONE) {
            return node->results[o];
        }
    }
    return HM_NONE;
}

static hm_status describe(hm_keeping *keeping, const hm_planned_node *node,
        const char *wanted, const char *message) {
    hm_bundle_content *content = &keeping->writer.content;
    hm_arena *arena = &keeping->writer.arena;
    const hm_function *function = node->function;
    content->node = node->name;
    content->module = node->module->name;
    content->function = function->name;
    content->file = function->file;
    content->line = function->line;
    content->processor = node->module->processor;
    content->message = message;
    hm_bundle_version version = {wanted, function->version};
    return hm_bundle_add_text(arena, &content->wanted, wanted) &&
                           hm_bundle_add_version(arena, &content->versions, version)
                   ? HM_OK
                   : hm_error_no_memory(keeping->error);
}

// What stands in the name of a folder.
static void make_stem(const char *name, char stem[64]) {
    size_t length = 0;
    for (; name[length] != '\0' && length < 63; length++) {
        char c = name[length];
        bool is_plain = c != '/' && (unsigned char)c > ' ' && (length > 0 || c != '.');
        stem[length] = is_plain ? c : '_';
    }
    stem[length] = '\0';
}

static hm_status fill(const hm_bundles *bundles, hm_keeping *keeping,
        const hm_planned_node *node, const char *message) {
    const hm_planned *planned = keeping->running->planned;
    hm_arena *arena = &keeping->writer.arena;
    uint32_t id = made_by(node);
    keeping->is_visited =
            hm_arena_array(arena, planned->node_count, sizeof *keeping->is_visited);
    keeping->is_kept = hm_arena_array(
            arena, hm_graph_node_count(planned->graph), sizeof *keeping->is_kept);
    if (keeping->is_visited == NULL || keeping->is_kept == NULL || id == HM_NONE) {
        return hm_error_no_memory(keeping->error);
    }
    const char *wanted = hm_graph_describe(planned->graph, id).name;
    HM_TRY(hm_bundle_origin_note(&bundles->origin, planned->graph,
            keeping->writer.draft.path, arena, &keeping->writer.content,
            keeping->error));
    HM_TRY(describe(keeping, node, wanted, message));
    HM_TRY(keep_arguments(keeping, node));
    return hm_bundle_writer_end(&keeping->writer, keeping->error);
}

static void note_path(hm_bundles *bundles, const char *path) {
    uv_mutex_lock(&bundles->lock);
    (void)!hm_bundle_add_text(
            &bundles->arena, &bundles->paths, hm_arena_text(&bundles->arena, path));
    uv_mutex_unlock(&bundles->lock);
}

// The first trouble is told.
static void note_trouble(hm_bundles *bundles, const char *node, const char *why) {
    uv_mutex_lock(&bundles->lock);
    if (bundles->trouble[0] == '\0') {
        snprintf(bundles->trouble, sizeof bundles->trouble,
                "the bundle of node `%.100s` is not written into `%.300s`: %s", node,
                bundles->folder, why);
    }
    uv_mutex_unlock(&bundles->lock);
}

static void write_bundle(hm_bundles *bundles, const hm_running *running,
        const hm_planned_node *node, const char *message) {
    hm_error error = {.status = HM_OK};
    hm_keeping keeping = {.running = running, .error = &error};
    hm_status status = hm_bundle_writer_init(
            &keeping.writer, bundles->folder, bundles->allocator, &error);
    char path[PATH_MAX];
    if (status == HM_OK) {
        status = fill(bundles, &keeping, node, message);
    }
    if (status == HM_OK) {
        char stem[64];
        make_stem(node->name, stem);
        status = hm_draft_number(&keeping.writer.draft, stem, path, &error);
    }
    hm_bundle_writer_finish(&keeping.writer);
    if (status == HM_OK) {
        note_path(bundles, path);
    } else {
        note_trouble(bundles, node->name, error.message);
    }
}

// Whether there may be one more.
static bool begin(hm_bundles *bundles, const char *node) {
    uv_mutex_lock(&bundles->lock);
    bool may_be = bundles->begun_count < bundles->most;
    bundles->begun_count += may_be;
    uv_mutex_unlock(&bundles->lock);
    if (!may_be) {
        note_trouble(bundles, node, "as many as may be were written before");
    }
    return may_be;
}

static bool is_failure(hm_status status) {
    return status == HM_NODE_FAILED || status == HM_LENGTH_MISMATCH ||
           status == HM_BAD_DATA || status == HM_ADAPTER_FAILED;
}

// Rows that failed alone are told of before this, and the node did not fail. Where
// memory was lacking for what is said of them, it is not known.
static hm_status after(void *self, hm_call *call, hm_error *error) {
    (void)error;
    hm_bundles *bundles = self;
    const char **of_rows = call->running->self;
    const char *message = is_failure(call->status) ? call->message
                          : call->status == HM_OK && of_rows != NULL
                                  ? of_rows[call->node->number]
                                  : NULL;
    if (message != NULL && begin(bundles, call->node->name)) {
        write_bundle(bundles, call->running, call->node, message);
    }
    return HM_OK;
}

static void rows_failed(void *self, hm_running *running, const hm_planned_node *node,
        size_t count, const char *message) {
    (void)count;
    hm_bundles *bundles = self;
    const char **of_rows = running->self;
    uv_mutex_lock(&bundles->lock);
    // What is told of many runs must not grow with them.
    bool may_be = bundles->begun_count < bundles->most && of_rows != NULL;
    if (may_be) {
        of_rows[node->number] = hm_arena_text(&bundles->arena, message);
    }
    uv_mutex_unlock(&bundles->lock);
}

static hm_status run_began(void *self, hm_running *running, hm_error *error) {
    (void)error;
    const hm_bundles *bundles = self;
    running->self = hm_allocate_array(
            bundles->allocator, running->planned->node_count, sizeof(const char *));
    return HM_OK;
}

static void run_ended(
        void *self, hm_running *running, hm_status status, const char *message) {
    (void)status;
    (void)message;
    const hm_bundles *bundles = self;
    hm_deallocate_array(bundles->allocator, running->self, running->planned->node_count,
            sizeof(const char *));
}

static hm_status init(
        hm_bundles *bundles, const hm_bundles_options *options, hm_error *error) {
    if (options->folder == NULL || options->folder[0] == '\0') {
        return hm_error_set(error, HM_BAD_ARGUMENT, "folder names no folder");
    }
    bundles->folder = hm_arena_text(&bundles->texts, options->folder);
    bundles->only_sees = options->only_sees;
    bundles->most = options->most > 0 ? options->most : USUAL_MOST;
    bundles->adapter = (hm_adapter){.struct_size = sizeof(hm_adapter),
            .name = "bundles",
            .self = bundles,
            .wants = want,
            .run_began = run_began,
            .run_ended = run_ended,
            .after = after,
            .rows_failed = rows_failed};
    return bundles->folder != NULL ? hm_bundle_origin_copy(&options->origin,
                                             &bundles->texts, &bundles->origin, error)
                                   : hm_error_no_memory(error);
}

hm_status hm_bundles_create(
        const hm_bundles_options *options, hm_bundles **bundles, hm_error *error) {
    hm_bundles_options known;
    HM_TRY(hm_sized_read(
            options, &known, sizeof known, "HM_BUNDLES_OPTIONS_INIT", error));
    const hm_allocator *allocator = hm_allocator_or_default(known.allocator);
    hm_bundles *created = hm_allocate_array(allocator, 1, sizeof *created);
    if (created == NULL) {
        return hm_error_no_memory(error);
    }
    if (uv_mutex_init(&created->lock) != 0) {
        hm_deallocate_array(allocator, created, 1, sizeof *created);
        return hm_error_no_memory(error);
    }
    created->allocator = allocator;
    hm_arena_init(&created->texts, allocator);
    hm_arena_init(&created->arena, allocator);
    hm_status status = init(created, &known, error);
    if (status != HM_OK) {
        hm_bundles_destroy(created);
        return status;
    }
    *bundles = created;
    return HM_OK;
}

const hm_adapter *hm_bundles_adapter(const hm_bundles *bundles) {
    return &bundles->adapter;
}

size_t hm_bundles_count(hm_bundles *bundles) {
    uv_mutex_lock(&bundles->lock);
    size_t count = bundles->paths.count;
    uv_mutex_unlock(&bundles->lock);
    return count;
}

const char *hm_bundles_path(hm_bundles *bundles, size_t index) {
    uv_mutex_lock(&bundles->lock);
    const char *path = bundles->paths.items[index];
    uv_mutex_unlock(&bundles->lock);
    return path;
}

const char *hm_bundles_trouble(const hm_bundles *bundles) {
    return bundles->trouble;
}

void hm_bundles_destroy(hm_bundles *bundles) {
    if (bundles == NULL) {
        return;
    }
    const hm_allocator *allocator = bundles->allocator;
    hm_arena_finish(&bundles->texts);
    hm_arena_finish(&bundles->arena);
    uv_mutex_destroy(&bundles->lock);
    hm_deallocate_array(allocator, bundles, 1, sizeof *bundles);
}
