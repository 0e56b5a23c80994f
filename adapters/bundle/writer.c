// writer.c — see writer.h.

#include "adapters/bundle/writer.h"

#include <ctype.h>
#include <stdio.h>

#include <hamilton/json.h>

#include "adapters/bundle/stored.h"
#include "base/beginning.h"
#include "base/canonical.h"
#include "base/error.h"
#include "base/target.h"
#include "base/text.h"

enum { SHOWN_BYTES = 200, MOST_OF_NAME = 100 };

hm_status hm_bundle_writer_init(hm_bundle_writer *writer, const char *folder,
        const hm_allocator *allocator, hm_error *error) {
    *writer = (hm_bundle_writer){0};
    hm_arena_init(&writer->arena, allocator);
    return hm_draft_init(&writer->draft, folder, error);
}

void hm_bundle_writer_finish(hm_bundle_writer *writer) {
    hm_draft_abandon(&writer->draft);
    hm_arena_finish(&writer->arena);
}

static const char *show(hm_arena *arena, const hm_value *value) {
    hm_text text;
    hm_text_init(&text, arena->allocator);
    hm_beginning beginning = {&text, SHOWN_BYTES};
    hm_status status = hm_json_write(value, hm_beginning_write, &beginning);
    (void)status; // HM_IO is the writer's own: enough was shown
    const char *shown = text.failed ? NULL : hm_arena_text(arena, hm_text_get(&text));
    hm_text_finish(&text);
    return shown;
}

// Numbered, since names may be longer than those of files, and say their node.
static const char *name_file(hm_bundle_writer *writer, const char *name) {
    char text[MOST_OF_NAME + 32];
    size_t length = (size_t)snprintf(text, sizeof text, "%zu-", ++writer->file_count);
    for (size_t i = 0; name[i] != '\0' && i < MOST_OF_NAME; i++) {
        unsigned char c = (unsigned char)name[i];
        bool is_plain = c < 0x80 && (isalnum(c) || c == '_' || c == '.');
        text[length++] = is_plain ? (char)c : '_';
    }
    snprintf(text + length, sizeof text - length, ".value");
    return hm_arena_text(&writer->arena, text);
}

static const char *tell_obstacle(hm_arena *arena, const hm_type *type) {
    const hm_type *obstacle = hm_canonical_obstacle(type, HM_CANONICAL_TO_KEEP);
    hm_text text;
    hm_text_init(&text, arena->allocator);
    hm_text_format(&text, "a value of %s %s", obstacle->name,
            obstacle->kind == HM_KIND_OPAQUE ? "is only known by pointer"
            : obstacle->destroy != NULL      ? "owns more than its fields tell"
                                             : "holds more than its fields tell");
    const char *why = text.failed ? NULL : hm_arena_text(arena, hm_text_get(&text));
    hm_text_finish(&text);
    return why;
}

// By the writer's own memory: names are borrowed from the graph.
hm_status hm_bundle_writer_keep(hm_bundle_writer *writer, hm_bundle_values *list,
        const char *name, const hm_value *value, bool is_override, const char **file,
        hm_error *error) {
    hm_arena *arena = &writer->arena;
    bool is_kept = hm_canonical_obstacle(value->type, HM_CANONICAL_TO_KEEP) == NULL;
    hm_bundle_value noted = {.name = name,
            .type = value->type->name,
            .depth = value->depth,
            .by_reference = value->by_reference,
            .is_override = is_override,
            .file = is_kept ? name_file(writer, name) : NULL,
            .why = is_kept ? NULL : tell_obstacle(arena, value->type),
            .shown = show(arena, value)};
    if (noted.shown == NULL || (noted.file == NULL && noted.why == NULL) ||
            !hm_bundle_add_value(arena, list, &noted)) {
        return hm_error_no_memory(error);
    }
    *file = noted.file;
    if (!is_kept) {
        return HM_OK;
    }
    char path[PATH_MAX];
    HM_TRY(hm_draft_file(&writer->draft, noted.file, path, error));
    return hm_stored_write(path, value, arena->allocator, error);
}

hm_status hm_bundle_writer_miss(hm_bundle_writer *writer, hm_bundle_values *list,
        const char *name, const hm_type *type, const char *why, hm_error *error) {
    hm_bundle_value noted = {.name = name, .type = type->name, .why = why};
    return why != NULL && hm_bundle_add_value(&writer->arena, list, &noted)
                   ? HM_OK
                   : hm_error_no_memory(error);
}

hm_status hm_bundle_writer_end(hm_bundle_writer *writer, hm_error *error) {
    char path[PATH_MAX];
    hm_target target;
    HM_TRY(hm_draft_file(&writer->draft, HM_BUNDLE_FILE, path, error));
    HM_TRY(hm_target_init(&target, path, error));
    // Commit tells whether it failed.
    (void)!hm_bundle_content_write(&writer->content, hm_target_write, &target);
    return hm_target_commit(&target, error);
}
