// reached.c — see reached.h.

#include "reflect/reached.h"

#include <string.h>

#include "base/text.h"

enum { MOST = 64, DIGITS = 8 };

static hm_place place_of(
        hm_source *source, const hm_entities *entities, const hm_entity *entity) {
    return entity->macro != HM_NONE ? entities->macros->items[entity->macro].span.start
                                    : hm_source_cursor_place(source, entity->cursor);
}

// An unnamed type changes with what names it.
static bool has_name(const hm_entity *entity) {
    return entity->name != NULL && entity->name[0] != '\0' &&
           strchr(entity->name, ' ') == NULL;
}

static void put(hm_reached_lister *lister, hm_text *text, const hm_entity *entity) {
    hm_place place = place_of(lister->source, lister->entities, entity);
    const char *path = lister->source->files[place.file].path;
    path += strncmp(path, "./", 2) == 0 ? 2 : 0;
    hm_text_format(text, "%.*s %s %s:%u\n", DIGITS, entity->own, entity->name, path,
            (unsigned)place.line);
}

// What all versions depend on besides.
static void put_flags(hm_reached_lister *lister, hm_text *text) {
    hm_digest *digest = hm_digest_create();
    if (digest == NULL) {
        lister->source->no_memory = true;
        return;
    }
    for (size_t i = 0; i < lister->source->meaning.count; i++) {
        hm_digest_add_text(digest, lister->source->meaning.items[i]);
    }
    char flags[HM_DIGEST_SIZE];
    hm_digest_get(digest, flags);
    hm_digest_destroy(digest);
    hm_text_format(text, "%.*s - -\n", DIGITS, flags);
}

static uint32_t push(hm_reached_lister *lister, uint32_t end, uint32_t entity) {
    if (entity == HM_NONE || lister->seen[entity] == lister->list) {
        return end;
    }
    lister->seen[entity] = lister->list;
    lister->queue[end] = entity;
    return end + 1;
}

static bool reserve(hm_reached_lister *lister) {
    size_t count = lister->entities->count;
    if (lister->seen == NULL) {
        lister->seen = hm_source_array(lister->source, count, sizeof *lister->seen);
        lister->queue = hm_source_array(lister->source, count, sizeof *lister->queue);
    }
    return lister->seen != NULL && lister->queue != NULL;
}

const char *hm_reached_list(
        hm_reached_lister *lister, const uint32_t *entities, size_t count) {
    if (!reserve(lister)) {
        return NULL;
    }
    hm_text text;
    hm_text_init(&text, lister->source->arena.allocator);
    lister->list++;
    uint32_t end = 0;
    for (size_t i = 0; i < count; i++) {
        end = push(lister, end, entities[i]);
    }
    size_t listed = 0;
    for (uint32_t at = 0; at < end && listed < MOST; at++) {
        const hm_entity *entity = &lister->entities->items[lister->queue[at]];
        if (has_name(entity)) {
            put(lister, &text, entity);
            listed++;
        }
        for (uint32_t u = 0; u < entity->use_count; u++) {
            end = push(lister, end, entity->uses[u]);
        }
    }
    put_flags(lister, &text);
    const char *list = hm_source_format(lister->source, "%s", hm_text_get(&text));
    lister->source->no_memory = lister->source->no_memory || text.failed;
    hm_text_finish(&text);
    return list;
}
