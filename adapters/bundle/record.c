// record.c — a run as a bundle: what it was given, and what came out.

#include <string.h>

#include <hamilton/bundle.h>

#include "adapters/bundle/origin.h"
#include "adapters/bundle/writer.h"
#include "base/allocator.h"
#include "base/error.h"

// The folder that a path lies in.
static hm_status find_parent(const char *path, char parent[PATH_MAX], hm_error *error) {
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') {
        length--;
    }
    while (length > 0 && path[length - 1] != '/') {
        length--;
    }
    while (length > 1 && path[length - 1] == '/') {
        length--;
    }
    if (length >= PATH_MAX || path[0] == '\0') {
        return hm_error_set(error, HM_BAD_ARGUMENT, "`%s` names no folder", path);
    }
    memcpy(parent, path, length);
    strcpy(parent + length, length > 0 ? "" : ".");
    return HM_OK;
}

static hm_status keep_inputs(hm_bundle_writer *writer, const hm_binding *bindings,
        size_t count, bool are_overrides, hm_error *error) {
    for (size_t i = 0; i < count; i++) {
        const char *name = bindings[i].name;
        const char *file;
        HM_TRY(hm_bundle_writer_keep(writer, &writer->content.inputs, name,
                &bindings[i].value, are_overrides, &file, error));
        if (file == NULL) {
            hm_bundle_values *list = &writer->content.inputs;
            return hm_error_set(error, HM_BAD_ARGUMENT,
                    "a run that is given `%s` cannot be recorded: %s", name,
                    list->items[list->count - 1].why);
        }
    }
    return HM_OK;
}

static hm_status keep_outputs(hm_bundle_writer *writer, const hm_graph *graph,
        const hm_results *results, hm_error *error) {
    hm_arena *arena = &writer->arena;
    hm_bundle_values *list = &writer->content.outputs;
    for (size_t i = 0; i < hm_results_count(results); i++) {
        const char *name = hm_results_name(results, i);
        const hm_value *value = hm_results_value(results, i);
        if (!hm_bundle_add_text(arena, &writer->content.wanted, name)) {
            return hm_error_no_memory(error);
        }
        if (value != NULL) {
            const char *file;
            HM_TRY(hm_bundle_writer_keep(
                    writer, list, name, value, false, &file, error));
            continue;
        }
        const char *message;
        hm_status status = hm_results_status(results, i, &message);
        message = message[0] != '\0' ? message : hm_status_text(status);
        hm_node node = hm_graph_describe(graph, hm_graph_find(graph, name));
        HM_TRY(hm_bundle_writer_miss(writer, list, name, node.type, message, error));
    }
    return HM_OK;
}

static hm_status note_versions(
        hm_bundle_writer *writer, const hm_graph *graph, hm_error *error) {
    hm_arena *arena = &writer->arena;
    const hm_bundle_texts *wanted = &writer->content.wanted;
    uint32_t count = hm_graph_node_count(graph);
    uint32_t *ids = hm_arena_array(arena, wanted->count + 1, sizeof *ids);
    bool *reached = hm_arena_array(arena, count, sizeof *reached);
    if (ids == NULL || reached == NULL) {
        return hm_error_no_memory(error);
    }
    for (size_t i = 0; i < wanted->count; i++) {
        ids[i] = hm_graph_find(graph, wanted->items[i]);
    }
    if (hm_graph_reach(graph, ids, wanted->count, HM_UPSTREAM, reached) != HM_OK) {
        return hm_error_no_memory(error);
    }
    for (uint32_t id = 0; id < count; id++) {
        hm_node node = hm_graph_describe(graph, id);
        hm_bundle_version version = {
                node.name, node.is_input ? NULL : node.function->version};
        if (reached[id] && !node.is_input &&
                !hm_bundle_add_version(arena, &writer->content.versions, version)) {
            return hm_error_no_memory(error);
        }
    }
    return HM_OK;
}

static hm_status fill(hm_bundle_writer *writer, const hm_graph *graph,
        const hm_request *request, const hm_results *results,
        const hm_bundle_origin *origin, hm_error *error) {
    hm_bundle_origin known;
    writer->content.is_record = true;
    writer->content.keeps_going = request->keep_going;
    writer->content.rows_may_fail = request->rows_may_fail;
    HM_TRY(hm_bundle_origin_copy(origin, &writer->arena, &known, error));
    HM_TRY(hm_bundle_origin_note(&known, graph, writer->draft.path, &writer->arena,
            &writer->content, error));
    HM_TRY(keep_inputs(writer, request->inputs, request->input_count, false, error));
    HM_TRY(keep_inputs(
            writer, request->overrides, request->override_count, true, error));
    HM_TRY(keep_outputs(writer, graph, results, error));
    HM_TRY(note_versions(writer, graph, error));
    return hm_bundle_writer_end(writer, error);
}

hm_status hm_bundle_record(const char *folder, const hm_driver *driver,
        const hm_request *request, const hm_results *results,
        const hm_bundle_origin *origin, hm_error *error) {
    char parent[PATH_MAX];
    HM_TRY(find_parent(folder, parent, error));
    hm_bundle_writer writer;
    hm_status status =
            hm_bundle_writer_init(&writer, parent, hm_allocator_default(), error);
    if (status == HM_OK) {
        status =
                fill(&writer, hm_driver_graph(driver), request, results, origin, error);
    }
    if (status == HM_OK) {
        status = hm_draft_replace(&writer.draft, folder, HM_BUNDLE_FILE, error);
    }
    hm_bundle_writer_finish(&writer);
    return status;
}
