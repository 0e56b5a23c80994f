// origin.c — see origin.h.

#define _XOPEN_SOURCE 700 // realpath

#include "adapters/bundle/origin.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/json.h>
#include <hamilton/version.h>

#include "base/error.h"
#include "base/sized.h"
#include "base/text.h"

// Copies texts of which none is NULL.
static const char *const *copy_texts(
        const char *const *texts, size_t count, hm_arena *arena) {
    const char **copy = hm_arena_array(arena, count > 0 ? count : 1, sizeof *copy);
    for (size_t i = 0; i < count && copy != NULL; i++) {
        copy[i] = hm_arena_text(arena, texts[i]);
        copy = copy[i] != NULL ? copy : NULL;
    }
    return copy;
}

static char *write_json(const hm_value *value, hm_arena *arena) {
    hm_text text;
    hm_text_init(&text, arena->allocator);
    hm_status status = hm_json_write(value, hm_text_write, &text);
    char *json = status == HM_OK || status == HM_BAD_DATA
                         ? hm_arena_text(arena, hm_text_get(&text))
                         : NULL;
    json = text.failed ? NULL : json;
    hm_text_finish(&text);
    return json;
}

static const hm_binding *copy_config(
        const hm_binding *config, size_t count, hm_arena *arena) {
    hm_bundle_config copy = {0};
    for (size_t i = 0; i < count; i++) {
        if (!hm_bundle_add_config(arena, &copy, hm_arena_text(arena, config[i].name),
                    write_json(&config[i].value, arena))) {
            return NULL;
        }
    }
    return copy.items;
}

hm_status hm_bundle_origin_copy(const hm_bundle_origin *origin, hm_arena *arena,
        hm_bundle_origin *copy, hm_error *error) {
    hm_bundle_origin known = HM_BUNDLE_ORIGIN_INIT;
    if (origin != NULL) {
        HM_TRY(hm_sized_read(
                origin, &known, sizeof known, "HM_BUNDLE_ORIGIN_INIT", error));
    }
    *copy = known;
    copy->modules = copy_texts(known.modules, known.module_count, arena);
    copy->arguments = copy_texts(known.arguments, known.argument_count, arena);
    copy->config = copy_config(known.config, known.config_count, arena);
    copy->compiler =
            known.compiler != NULL ? hm_arena_text(arena, known.compiler) : NULL;
    bool is_copied = copy->modules != NULL && copy->arguments != NULL &&
                     (copy->config != NULL || known.config_count == 0) &&
                     (copy->compiler != NULL || known.compiler == NULL);
    return is_copied ? HM_OK : hm_error_no_memory(error);
}

// A path as it is seen from a folder; both are absolute and resolved.
static char *path_from(const char *folder, const char *path, hm_arena *arena) {
    size_t common = 0; // up to a slash that both have
    size_t i = 0;
    for (; folder[i] != '\0' && folder[i] == path[i]; i++) {
        common = folder[i] == '/' ? i + 1 : common;
    }
    if (folder[i] == '\0' && path[i] == '/') {
        return hm_arena_text(arena, path + i + 1);
    }
    hm_text text;
    hm_text_init(&text, arena->allocator);
    for (const char *at = folder + common; at != NULL && *at != '\0';) {
        hm_text_append(&text, "../");
        at = strchr(at, '/');
        at = at != NULL ? at + 1 : NULL;
    }
    hm_text_append(&text, path + common);
    char *relative = text.failed ? NULL : hm_arena_text(arena, hm_text_get(&text));
    hm_text_finish(&text);
    return relative;
}

// What cannot be resolved, as it is not there, is noted as it was given.
static bool note_module(const char *path, const char *folder, hm_arena *arena,
        hm_bundle_content *content) {
    char from[PATH_MAX];
    char to[PATH_MAX];
    char *noted = realpath(folder, from) != NULL && realpath(path, to) != NULL
                          ? path_from(from, to, arena)
                          : hm_arena_text(arena, path);
    return hm_bundle_add_text(arena, &content->modules, noted);
}

static bool is_among(
        const hm_module *const *modules, size_t count, const void *module) {
    for (size_t i = 0; i < count; i++) {
        if (modules[i] == module) {
            return true;
        }
    }
    return false;
}

// Those that the nodes are of, of which there are few.
static bool note_makers(const hm_graph *graph, const char *folder, hm_arena *arena,
        hm_bundle_content *content) {
    const hm_module **modules = NULL;
    size_t module_count = 0;
    for (uint32_t id = 0; id < hm_graph_node_count(graph); id++) {
        hm_node node = hm_graph_describe(graph, id);
        if (node.is_input || node.module->file == NULL ||
                is_among(modules, module_count, node.module)) {
            continue;
        }
        modules = hm_arena_grow(arena, modules, module_count, sizeof *modules);
        if (modules == NULL ||
                !note_module(node.module->file, folder, arena, content)) {
            return false;
        }
        modules[module_count++] = node.module;
    }
    return true;
}

static bool note_modules(const hm_bundle_origin *origin, const hm_graph *graph,
        const char *folder, hm_arena *arena, hm_bundle_content *content) {
    if (origin->module_count == 0) {
        return note_makers(graph, folder, arena, content);
    }
    bool is_noted = true;
    for (size_t i = 0; i < origin->module_count && is_noted; i++) {
        is_noted = note_module(origin->modules[i], folder, arena, content);
    }
    return is_noted;
}

hm_status hm_bundle_origin_note(const hm_bundle_origin *origin, const hm_graph *graph,
        const char *folder, hm_arena *arena, hm_bundle_content *content,
        hm_error *error) {
    content->version = HM_BUNDLE_VERSION;
    content->hamilton = hm_version();
    content->compiler = origin->compiler;
    bool is_noted = note_modules(origin, graph, folder, arena, content);
    for (size_t i = 0; i < origin->argument_count && is_noted; i++) {
        is_noted = hm_bundle_add_text(arena, &content->arguments, origin->arguments[i]);
    }
    for (size_t i = 0; i < origin->config_count && is_noted; i++) {
        const hm_binding *binding = &origin->config[i];
        is_noted = hm_bundle_add_config(arena, &content->config, binding->name,
                *(const char *const *)hm_value_data(&binding->value));
    }
    return is_noted ? HM_OK : hm_error_no_memory(error);
}
