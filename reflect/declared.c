// declared.c — see declared.h.

#include "reflect/declared.h"

void hm_declared_init(hm_declared *declared, hm_source *source) {
    *declared = (hm_declared){.source = source};
    hm_names_init(&declared->names, source->arena.allocator);
}

void hm_declared_finish(hm_declared *declared) {
    hm_names_finish(&declared->names);
}

static hm_declared_function *find_or_add(hm_declared *declared, const char *name) {
    hm_source *source = declared->source;
    uint32_t *number = hm_names_put(&declared->names, name);
    if (number == NULL) {
        source->no_memory = true;
        return NULL;
    }
    if (*number != HM_NAMES_ABSENT) {
        return &declared->items[*number];
    }
    hm_declared_function *items =
            hm_source_grow(source, declared->items, declared->count, sizeof *items);
    if (items == NULL) {
        return NULL;
    }
    *number = declared->count;
    declared->items = items;
    items[declared->count] = (hm_declared_function){
            .name = name,
            .definition = clang_getNullCursor(),
            .function = HM_NONE,
    };
    return &items[declared->count++];
}

// Whether a declaration itself says inline: the parser hands that on to later ones.
static bool says_inline(hm_source *source, CXCursor cursor) {
    static const char *const words[] = {"inline", "__inline", "__inline__"};
    hm_place start = hm_source_span(source, cursor).start;
    hm_place name = hm_source_cursor_place(source, cursor);
    if (start.file != name.file || start.file == HM_NONE ||
            start.offset == name.offset) {
        return true; // a macro hides it: what the parser says must do
    }
    const hm_source_file *file = hm_source_tokens(source, start.file);
    for (uint32_t i = hm_source_token_at(file, start.offset);
            i < file->token_count && file->tokens[i].offset < name.offset; i++) {
        for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
            if (hm_token_is(file, &file->tokens[i], words[k])) {
                return true;
            }
        }
    }
    return false;
}

void hm_declared_note(hm_declared *declared, CXCursor cursor) {
    hm_source *source = declared->source;
    hm_declared_function *function = find_or_add(
            declared, hm_source_text(source, clang_getCursorSpelling(cursor)));
    if (function == NULL) {
        return;
    }
    function->latest = cursor;
    bool defines = clang_isCursorDefinition(cursor) != 0;
    if (defines || clang_Cursor_isNull(function->definition)) {
        function->place = hm_source_cursor_place(source, cursor);
    }
    if (defines) {
        function->definition = cursor;
    }
    // C11 6.7.4: an inline definition has a symbol if any declaration is not inline, or
    // is extern.
    bool plain = !clang_Cursor_isFunctionInlined(cursor) ||
                 clang_Cursor_getStorageClass(cursor) == CX_SC_Extern ||
                 !says_inline(source, cursor);
    bool external = clang_getCursorLinkage(cursor) == CXLinkage_External;
    function->has_symbol = external && (function->has_symbol || plain);
    function->is_visible = clang_getCursorVisibility(cursor) != CXVisibility_Hidden;
}

CXCursor hm_declared_cursor(const hm_declared_function *function) {
    bool is_defined = !clang_Cursor_isNull(function->definition);
    return is_defined ? function->definition : function->latest;
}
