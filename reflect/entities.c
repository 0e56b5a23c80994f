// entities.c — see entities.h.

#include "reflect/entities.h"

#include <string.h>

void hm_entities_init(hm_entities *entities, hm_source *source, const hm_macros *macros,
        const hm_declared *declared) {
    *entities = (hm_entities){
            .source = source,
            .macros = macros,
            .declared = declared,
            .of_macro = hm_source_array(source, macros->count, sizeof(uint32_t)),
    };
}

static uint32_t add(
        hm_entities *entities, CXCursor cursor, uint32_t macro, const char *name) {
    hm_entity *items = hm_source_grow(
            entities->source, entities->items, entities->count, sizeof *items);
    if (items == NULL) {
        return HM_NONE;
    }
    entities->items = items;
    items[entities->count] = (hm_entity){
            .cursor = cursor,
            .macro = macro,
            .name = name,
            .last_user = HM_NONE,
            .writer = HM_NONE,
    };
    return entities->count++;
}

// The slot of a cursor, free or not; there is always a free one.
static uint32_t *find_slot(hm_entities *entities, CXCursor cursor) {
    uint32_t at = clang_hashCursor(cursor) & (entities->slot_count - 1);
    while (entities->slots[at] != 0 &&
            !clang_equalCursors(
                    entities->items[entities->slots[at] - 1].cursor, cursor)) {
        at = (at + 1) & (entities->slot_count - 1);
    }
    return &entities->slots[at];
}

static bool make_room(hm_entities *entities) {
    if (entities->count * 2 < entities->slot_count) {
        return true;
    }
    uint32_t slot_count = entities->slot_count == 0 ? 64 : entities->slot_count * 4;
    uint32_t *slots = hm_source_array(entities->source, slot_count, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    entities->slots = slots;
    entities->slot_count = slot_count;
    for (uint32_t i = 0; i < entities->count; i++) {
        if (entities->items[i].macro == HM_NONE) {
            *find_slot(entities, entities->items[i].cursor) = i + 1;
        }
    }
    return true;
}

uint32_t hm_entities_declaration(hm_entities *entities, CXCursor cursor) {
    hm_source *source = entities->source;
    CXCursor definition = clang_getCursorDefinition(cursor);
    cursor = clang_Cursor_isNull(definition) ? clang_getCanonicalCursor(cursor)
                                             : definition;
    if (!make_room(entities)) {
        return HM_NONE;
    }
    uint32_t *slot = find_slot(entities, cursor);
    if (*slot != 0) {
        return *slot - 1;
    }
    if (!hm_source_is_users(source, hm_source_cursor_place(source, cursor))) {
        return HM_NONE;
    }
    uint32_t entity = add(entities, cursor, HM_NONE,
            hm_source_text(source, clang_getCursorSpelling(cursor)));
    if (entity != HM_NONE) {
        *slot = entity + 1;
    }
    return entity;
}

uint32_t hm_entities_macro(hm_entities *entities, uint32_t macro) {
    if (entities->of_macro == NULL || !entities->macros->items[macro].is_users) {
        return HM_NONE;
    }
    if (entities->of_macro[macro] == 0) {
        uint32_t entity = add(entities, clang_getNullCursor(), macro,
                entities->macros->items[macro].name);
        entities->of_macro[macro] = entity == HM_NONE ? 0 : entity + 1;
        return entity;
    }
    return entities->of_macro[macro] - 1;
}

void hm_entities_use(hm_entities *entities, uint32_t user, uint32_t used) {
    if (used == HM_NONE || used == user || entities->items[used].last_user == user) {
        return;
    }
    hm_entity *entity = &entities->items[user];
    uint32_t *uses = hm_source_grow(
            entities->source, entity->uses, entity->use_count, sizeof *uses);
    if (uses != NULL) {
        entities->items[used].last_user = user;
        entity->uses = uses;
        uses[entity->use_count++] = used;
    }
}
