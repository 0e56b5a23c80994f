// macros.c — see macros.h.

#include "reflect/macros.h"

#include <stdlib.h>
#include <string.h>

void hm_macros_init(hm_macros *macros, hm_source *source) {
    *macros = (hm_macros){.source = source};
    hm_names_init(&macros->names, source->arena.allocator);
}

void hm_macros_finish(hm_macros *macros) {
    hm_names_finish(&macros->names);
}

// What flags define stands in no file, but in a text that clang calls so.
static bool is_flag(hm_source *source, CXCursor cursor) {
    CXString name;
    clang_getPresumedLocation(clang_getCursorLocation(cursor), &name, NULL, NULL);
    return strcmp(hm_source_text(source, name), "<command line>") == 0;
}

static void note_definition(hm_macros *macros, CXCursor cursor) {
    hm_source *source = macros->source;
    if (clang_Cursor_isMacroBuiltin(cursor)) {
        return;
    }
    hm_span span = hm_source_span(source, cursor);
    const char *name = hm_source_text(source, clang_getCursorSpelling(cursor));
    uint32_t *number = hm_names_put(&macros->names, name);
    hm_macro *items =
            hm_source_grow(source, macros->items, macros->count, sizeof *items);
    if (number == NULL || items == NULL) {
        source->no_memory = true;
        return;
    }
    macros->items = items;
    items[macros->count] = (hm_macro){
            .name = name,
            .span = span,
            .is_users = hm_source_is_users(source, span.start),
            .is_flag = span.start.file == HM_NONE && is_flag(source, cursor),
            .earlier = *number == HM_NAMES_ABSENT ? HM_NONE : *number,
    };
    *number = macros->count++;
}

static void add_event(
        hm_macros *macros, hm_events *events, CXCursor cursor, uint32_t index) {
    hm_source *source = macros->source;
    hm_span span = hm_source_span(source, cursor);
    if (!hm_source_is_users(source, span.start)) {
        return;
    }
    hm_event *items =
            hm_source_grow(source, events->items, events->count, sizeof *items);
    if (items == NULL) {
        return;
    }
    events->items = items;
    items[events->count++] = (hm_event){
            .file = span.start.file,
            .offset = span.start.offset,
            .end = span.end.offset,
            .index = index,
    };
}

static void note_expansion(hm_macros *macros, CXCursor cursor) {
    const char *name = hm_source_text(macros->source, clang_getCursorSpelling(cursor));
    uint32_t number = hm_names_find(&macros->names, name);
    if (number != HM_NAMES_ABSENT && macros->items[number].is_users) {
        add_event(macros, &macros->expansions, cursor, number);
    }
}

static void note_inclusion(hm_macros *macros, CXCursor cursor) {
    hm_source *source = macros->source;
    CXFile file = clang_getIncludedFile(cursor);
    if (file == NULL) {
        return;
    }
    hm_place place =
            hm_source_place(source, clang_getLocationForOffset(source->unit, file, 0));
    if (hm_source_is_users(source, place)) {
        add_event(macros, &macros->inclusions, cursor, place.file);
    }
}

bool hm_macros_note(hm_macros *macros, CXCursor cursor) {
    switch (clang_getCursorKind(cursor)) {
    case CXCursor_MacroDefinition:
        note_definition(macros, cursor);
        return true;
    case CXCursor_MacroExpansion:
        note_expansion(macros, cursor);
        return true;
    case CXCursor_InclusionDirective:
        note_inclusion(macros, cursor);
        return true;
    default:
        return false;
    }
}

static int compare_events(const void *a, const void *b) {
    const hm_event *x = a;
    const hm_event *y = b;
    if (x->file != y->file) {
        return x->file < y->file ? -1 : 1;
    }
    return (x->offset > y->offset) - (x->offset < y->offset);
}

static void sort_events(hm_events *events) {
    if (events->count > 0) {
        qsort(events->items, events->count, sizeof *events->items, compare_events);
    }
}

void hm_macros_sort(hm_macros *macros) {
    sort_events(&macros->expansions);
    sort_events(&macros->inclusions);
}

uint32_t hm_events_at(const hm_events *events, uint32_t file, uint32_t offset) {
    uint32_t low = 0;
    uint32_t high = events->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const hm_event *event = &events->items[middle];
        if (event->file < file || (event->file == file && event->offset < offset)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool hm_macros_defines(const char *name, const void *context) {
    const hm_macros *macros = context;
    uint32_t number = hm_names_find(&macros->names, name);
    return number != HM_NAMES_ABSENT &&
           (macros->items[number].span.start.file != HM_NONE ||
                   macros->items[number].is_flag);
}
