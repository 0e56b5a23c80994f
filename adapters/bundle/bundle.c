// bundle.c — reads a bundle, see <hamilton/bundle.h>.

#include "adapters/bundle/bundle.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "adapters/bundle/stored.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/path.h"
#include "base/system_error.h"
#include "base/text.h"

static char *join(hm_arena *arena, const char *folder, const char *name) {
    size_t length = strlen(folder) + 1 + strlen(name) + 1;
    char *path = hm_arena_take(arena, length, 1);
    if (path != NULL) {
        snprintf(path, length, "%s/%s", folder, name);
    }
    return path;
}

static hm_status read_file(const char *path, hm_text *text, hm_error *error) {
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return hm_system_error(error, path);
    }
    char buffer[1 << 14];
    size_t got;
    while ((got = fread(buffer, 1, sizeof buffer, file)) > 0) {
        hm_text_append_bytes(text, buffer, got);
    }
    hm_status status = ferror(file)   ? hm_system_error(error, path)
                       : text->failed ? hm_error_no_memory(error)
                                      : HM_OK;
    fclose(file);
    return status;
}

static hm_status read_content(hm_bundle *bundle, hm_error *error) {
    hm_arena *arena = &bundle->arena;
    const char *path = join(arena, bundle->folder, HM_BUNDLE_FILE);
    if (path == NULL) {
        return hm_error_no_memory(error);
    }
    hm_text text;
    hm_text_init(&text, arena->allocator);
    hm_status status = read_file(path, &text, error);
    hm_error said = {.message = ""};
    if (status == HM_OK) {
        status = hm_bundle_content_read(
                hm_text_get(&text), text.length, arena, &bundle->content, &said);
        if (status != HM_OK) {
            hm_error_set(error, status, "`%s` cannot be read: %s", path, said.message);
        }
    }
    hm_text_finish(&text);
    return status;
}

// What must be there, whoever wrote it.
static hm_status check_content(const hm_bundle *bundle, hm_error *error) {
    const hm_bundle_content *content = &bundle->content;
    if (content->version != HM_BUNDLE_VERSION) {
        return hm_error_set(error, HM_BAD_DATA,
                "`%s` has version %u, and this hamilton reads %d", bundle->folder,
                (unsigned)content->version, HM_BUNDLE_VERSION);
    }
    const char *lacking =
            content->wanted.count == 0                        ? "wanted"
            : !content->is_record && content->node == NULL    ? "node"
            : !content->is_record && content->message == NULL ? "message"
            : content->is_record && content->outputs.count != content->wanted.count
                    ? "outputs"
                    : NULL;
    return lacking == NULL ? HM_OK
                           : hm_error_set(error, HM_BAD_DATA,
                                     "`%s/" HM_BUNDLE_FILE "` lacks `%s`",
                                     bundle->folder, lacking);
}

static const char *text_of(const char *text) {
    return text != NULL ? text : "";
}

static const hm_bundle_item *list_items(
        hm_arena *arena, const hm_bundle_values *values) {
    hm_bundle_item *items = hm_arena_array(arena, values->count + 1, sizeof *items);
    for (size_t i = 0; i < values->count && items != NULL; i++) {
        const hm_bundle_value *value = &values->items[i];
        items[i] = (hm_bundle_item){.name = value->name,
                .type = value->type,
                .is_kept = value->file != NULL,
                .why = text_of(value->why),
                .shown = text_of(value->shown)};
    }
    return items;
}

// Modules are named relative to the folder.
static const char *const *list_modules(hm_bundle *bundle) {
    const hm_bundle_texts *modules = &bundle->content.modules;
    const char **paths =
            hm_arena_array(&bundle->arena, modules->count + 1, sizeof *paths);
    for (size_t i = 0; i < modules->count && paths != NULL; i++) {
        const char *path = modules->items[i];
        path = path[0] == '/' ? path : join(&bundle->arena, bundle->folder, path);
        paths[i] = path != NULL ? hm_path_beside(&bundle->arena, "", path) : NULL;
        paths = paths[i] != NULL ? paths : NULL;
    }
    return paths;
}

static hm_status describe(hm_bundle *bundle, hm_error *error) {
    const hm_bundle_content *content = &bundle->content;
    bundle->description = (hm_bundle_description){.is_record = content->is_record,
            .hamilton = text_of(content->hamilton),
            .compiler = text_of(content->compiler),
            .node = text_of(content->node),
            .module = text_of(content->module),
            .function = text_of(content->function),
            .file = text_of(content->file),
            .line = content->line,
            .processor = text_of(content->processor),
            .message = text_of(content->message),
            .modules = list_modules(bundle),
            .module_count = content->modules.count,
            .arguments = content->arguments.items,
            .argument_count = content->arguments.count,
            .config = content->config.items,
            .config_count = content->config.count,
            .wanted = content->wanted.items,
            .wanted_count = content->wanted.count,
            .inputs = list_items(&bundle->arena, &content->inputs),
            .input_count = content->inputs.count,
            .outputs = list_items(&bundle->arena, &content->outputs),
            .output_count = content->outputs.count};
    const hm_bundle_description *made = &bundle->description;
    return made->modules != NULL && made->inputs != NULL && made->outputs != NULL
                   ? HM_OK
                   : hm_error_no_memory(error);
}

hm_status hm_bundle_open(const char *folder, const hm_allocator *allocator,
        hm_bundle **bundle, hm_error *error) {
    allocator = hm_allocator_or_default(allocator);
    hm_bundle *opened = hm_allocate_array(allocator, 1, sizeof *opened);
    if (opened == NULL) {
        return hm_error_no_memory(error);
    }
    hm_arena_init(&opened->arena, allocator);
    opened->folder = hm_arena_text(&opened->arena, folder);
    hm_status status = opened->folder != NULL ? HM_OK : hm_error_no_memory(error);
    if (status == HM_OK) {
        status = read_content(opened, error);
    }
    if (status == HM_OK) {
        status = check_content(opened, error);
    }
    if (status == HM_OK) {
        status = describe(opened, error);
    }
    if (status != HM_OK) {
        hm_bundle_close(opened);
        return status;
    }
    *bundle = opened;
    return HM_OK;
}

const hm_bundle_description *hm_bundle_describe(const hm_bundle *bundle) {
    return &bundle->description;
}

void hm_bundle_close(hm_bundle *bundle) {
    if (bundle != NULL) {
        const hm_allocator *allocator = bundle->arena.allocator;
        hm_objects_finish(&bundle->objects);
        hm_arena_finish(&bundle->arena);
        hm_deallocate_array(allocator, bundle, 1, sizeof *bundle);
    }
}

static bool differs(const hm_graph *graph, const hm_bundle_version *noted) {
    uint32_t id = hm_graph_find(graph, noted->node);
    hm_node node = id != HM_NONE ? hm_graph_describe(graph, id) : (hm_node){0};
    const char *now = node.function != NULL ? node.function->version : NULL;
    return now != NULL && noted->version != NULL && strcmp(now, noted->version) != 0;
}

bool hm_bundle_has_changed(
        const hm_bundle *bundle, const hm_graph *graph, const char *node) {
    const hm_bundle_versions *versions = &bundle->content.versions;
    for (size_t i = 0; i < versions->count; i++) {
        const hm_bundle_version *noted = &versions->items[i];
        if ((node == NULL || strcmp(noted->node, node) == 0) && differs(graph, noted)) {
            return true;
        }
    }
    return false;
}

// A type that all modules have, or NULL.
static const hm_type *find_type(const char *name) {
    static const hm_type *const types[] = {
#define X(word, name, type, kind) &hm_type_##word,
            HM_TYPE_LIST(X)
#undef X
#define X(unit, constant) &hm_type_time_##unit,
                    HM_TIME_TYPE_LIST(X)
#undef X
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i]->name, name) == 0) {
            return types[i];
        }
    }
    return NULL;
}

hm_status hm_bundle_read_value(hm_bundle *bundle, const hm_bundle_value *kept,
        const hm_type *node_type, hm_value *value, hm_error *error) {
    const hm_type *type = strcmp(kept->type, node_type->name) == 0
                                  ? node_type
                                  : find_type(kept->type);
    if (type == NULL) {
        return hm_error_set(error, HM_TYPE_MISMATCH,
                "`%s` was %s when it was kept, and is %s now", kept->name, kept->type,
                node_type->name);
    }
    const char *path = strchr(kept->file, '/') == NULL
                               ? join(&bundle->arena, bundle->folder, kept->file)
                               : NULL;
    if (path == NULL) {
        return strchr(kept->file, '/') == NULL
                       ? hm_error_no_memory(error)
                       : hm_error_set(error, HM_BAD_DATA,
                                 "the value of `%s` is said to be in `%s`, which is "
                                 "outside of the bundle",
                                 kept->name, kept->file);
    }
    return hm_stored_read(path, type, kept->depth, kept->by_reference, &bundle->arena,
            &bundle->objects, value, error);
}

static hm_status read_input(hm_bundle *bundle, const hm_graph *graph,
        const hm_bundle_value *kept, hm_value *value, hm_error *error) {
    uint32_t id = hm_graph_find(graph, kept->name);
    if (id == HM_NONE) {
        return hm_error_set(error, HM_UNKNOWN_NAME,
                "`%s` has a value in `%s`, but is no node or input any more",
                kept->name, bundle->folder);
    }
    if (kept->file == NULL) {
        return hm_error_set(error, HM_MISSING_INPUT,
                "the value of `%s` is not in `%s`: %s", kept->name, bundle->folder,
                text_of(kept->why));
    }
    return hm_bundle_read_value(
            bundle, kept, hm_graph_describe(graph, id).type, value, error);
}

hm_status hm_bundle_request(hm_bundle *bundle, const hm_graph *graph,
        hm_request *request, hm_error *error) {
    const hm_bundle_values *kept = &bundle->content.inputs;
    hm_arena *arena = &bundle->arena;
    hm_binding *inputs = hm_arena_array(arena, kept->count + 1, sizeof *inputs);
    hm_binding *overrides = hm_arena_array(arena, kept->count + 1, sizeof *overrides);
    if (inputs == NULL || overrides == NULL) {
        return hm_error_no_memory(error);
    }
    hm_request made = HM_REQUEST_INIT;
    made.wanted = bundle->content.wanted.items;
    made.wanted_count = bundle->content.wanted.count;
    made.inputs = inputs;
    made.overrides = overrides;
    made.keep_going = bundle->content.keeps_going;
    made.rows_may_fail = bundle->content.rows_may_fail;
    for (size_t i = 0; i < kept->count; i++) {
        const hm_bundle_value *value = &kept->items[i];
        hm_binding *binding = value->is_override ? &overrides[made.override_count++]
                                                 : &inputs[made.input_count++];
        binding->name = value->name;
        HM_TRY(read_input(bundle, graph, value, &binding->value, error));
    }
    *request = made;
    return HM_OK;
}
