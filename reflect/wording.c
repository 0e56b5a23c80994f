// wording.c — see wording.h. Modifiers are no part of the code: they are dropped, and
// what a default says is added where it is known, see reach.c.
//
// Of the macros that a macro uses in turn the parser keeps no record, so every name in
// its body counts that is, at any place of the source, a macro of the user's.

#include "reflect/wording.h"

#include <string.h>

#include "base/names.h"
#include "reflect/position.h"

typedef struct hm_wording {
    hm_entities *entities;
    uint32_t entity;
    hm_digest *digest;
} hm_wording;

static const char *text_of(const hm_source_file *file, const hm_token *token) {
    return file->content + token->offset;
}

static bool is_name(const hm_token *token) {
    return token->kind == CXToken_Identifier || token->kind == CXToken_Keyword;
}

// Whether some macro makes text of what it is given, blanks included: # in its body.
static bool has_texts(hm_entities *entities) {
    const hm_macros *macros = entities->macros;
    for (uint32_t i = 0; i < macros->count && !entities->texts_known; i++) {
        const hm_macro *macro = &macros->items[i];
        if (!macro->is_users) {
            continue;
        }
        const hm_source_file *file =
                hm_source_tokens(entities->source, macro->span.start.file);
        for (uint32_t at = hm_source_token_at(file, macro->span.start.offset);
                at < file->token_count &&
                file->tokens[at].offset < macro->span.end.offset;
                at++) {
            entities->has_texts =
                    entities->has_texts || hm_token_is(file, &file->tokens[at], "#");
        }
    }
    entities->texts_known = true;
    return entities->has_texts;
}

// Adds which tokens have blanks before them, if that may become part of a text.
static void add_blanks(
        hm_wording *wording, const hm_source_file *file, uint32_t from, uint32_t to) {
    if (!has_texts(wording->entities)) {
        return;
    }
    for (uint32_t at = hm_source_token_at(file, from) + 1;
            at < file->token_count && file->tokens[at].offset < to; at++) {
        const hm_token *before = &file->tokens[at - 1];
        bool follows = before->kind != CXToken_Comment &&
                       before->offset + before->length == file->tokens[at].offset;
        if (file->tokens[at].kind != CXToken_Comment) {
            hm_digest_add(wording->digest, &follows, sizeof follows);
        }
    }
}

// The index behind HM_NAME or HM_NAME(...), or `at` if no modifier stands there.
static uint32_t skip_modifier(const hm_source_file *file, uint32_t at) {
    const hm_token *token = &file->tokens[at];
    if (!is_name(token) || token->length < 4 ||
            memcmp(text_of(file, token), "HM_", 3) != 0) {
        return at;
    }
    bool has_arguments =
            at + 1 < file->token_count && hm_token_is(file, &file->tokens[at + 1], "(");
    return has_arguments ? hm_source_close(file, at + 1) : at + 1;
}

static void use_macros(hm_wording *wording, const char *name) {
    const hm_macros *macros = wording->entities->macros;
    uint32_t macro = hm_names_find(&macros->names, name);
    while (macro != HM_NAMES_ABSENT && macro != HM_NONE) {
        hm_entities_use(wording->entities, wording->entity,
                hm_entities_macro(wording->entities, macro));
        macro = macros->items[macro].earlier;
    }
}

static void use_macro_token(
        hm_wording *wording, const hm_source_file *file, const hm_token *token) {
    char name[256];
    if (is_name(token) && token->length < sizeof name) {
        memcpy(name, text_of(file, token), token->length);
        name[token->length] = '\0';
        use_macros(wording, name);
    }
}

// __attribute__((cleanup(f))) calls f, which the syntax tree does not tell.
static void use_cleanup(hm_wording *wording, const hm_source_file *file, uint32_t at) {
    const hm_token *token = &file->tokens[at];
    bool is_cleanup = hm_token_is(file, token, "cleanup") ||
                      hm_token_is(file, token, "__cleanup__");
    if (!is_cleanup || at + 2 >= file->token_count ||
            !hm_token_is(file, &file->tokens[at + 1], "(")) {
        return;
    }
    const hm_declared *declared = wording->entities->declared;
    const hm_token *named = &file->tokens[at + 2];
    const char *name = hm_source_format(wording->entities->source, "%.*s",
            (int)named->length, text_of(file, named));
    uint32_t function = hm_names_find(&declared->names, name);
    if (function != HM_NAMES_ABSENT) {
        hm_entities_use(wording->entities, wording->entity,
                hm_entities_declaration(
                        wording->entities, declared->items[function].latest));
    }
}

static void add_token(hm_wording *wording, const hm_source_file *file, uint32_t at) {
    const hm_token *token = &file->tokens[at];
    hm_digest_add(wording->digest, &token->length, sizeof token->length);
    hm_digest_add(wording->digest, text_of(file, token), token->length);
    if (wording->entities->items[wording->entity].macro == HM_NONE) {
        hm_position_add_token(wording->digest, wording->entities->source, file, token);
    }
    use_cleanup(wording, file, at);
}

// Adds the tokens of a part of a file.
static void add_tokens(
        hm_wording *wording, const hm_source_file *file, uint32_t from, uint32_t to) {
    uint32_t at = hm_source_token_at(file, from);
    while (at < file->token_count && file->tokens[at].offset < to) {
        uint32_t next = skip_modifier(file, at);
        if (next == at) {
            if (file->tokens[at].kind != CXToken_Comment) {
                add_token(wording, file, at);
            }
            next = at + 1;
        }
        at = next;
    }
}

// A name among a macro's arguments may be a macro that is used only in its body.
static void use_expansions(hm_wording *wording, const hm_source_file *file,
        uint32_t number, uint32_t from, uint32_t to) {
    const hm_events *events = &wording->entities->macros->expansions;
    for (uint32_t i = hm_events_at(events, number, from);
            i < events->count && events->items[i].file == number &&
            events->items[i].offset < to;
            i++) {
        const hm_event *event = &events->items[i];
        hm_entities_use(wording->entities, wording->entity,
                hm_entities_macro(wording->entities, event->index));
        hm_position_add_expansion(
                wording->digest, wording->entities, event->index, file, event->offset);
        add_blanks(wording, file, event->offset, event->end);
        uint32_t at = hm_source_token_at(file, event->offset) + 1;
        while (at < file->token_count && file->tokens[at].offset < event->end) {
            use_macro_token(wording, file, &file->tokens[at++]);
        }
    }
}

// A file that is included within a declaration is a part of it. Recursion is as deep as
// files include each other, which the parser limits.
static void add_part(hm_wording *wording, uint32_t number, uint32_t from, uint32_t to) {
    const hm_source_file *file = hm_source_tokens(wording->entities->source, number);
    add_tokens(wording, file, from, to);
    use_expansions(wording, file, number, from, to);
    const hm_events *events = &wording->entities->macros->inclusions;
    for (uint32_t i = hm_events_at(events, number, from);
            i < events->count && events->items[i].file == number &&
            events->items[i].offset < to;
            i++) {
        add_part(wording, events->items[i].index, 0, UINT32_MAX);
    }
}

// The tokens of `int a = 1, b = 2` that are b's: what both share, and its own
// declarator. *shared_end and *own_start are offsets.
static void split_declarators(const hm_source_file *file, hm_span span, uint32_t name,
        uint32_t *shared_end, uint32_t *own_start) {
    size_t depth = 0;
    *shared_end = span.start.offset;
    *own_start = span.start.offset;
    uint32_t before = span.start.offset; // of the token before the current one
    for (uint32_t at = hm_source_token_at(file, span.start.offset);
            at < file->token_count && file->tokens[at].offset < name; at++) {
        const hm_token *token = &file->tokens[at];
        char byte = token->kind == CXToken_Punctuation ? *text_of(file, token) : '\0';
        bool ends = depth == 0 && strchr("=,[", byte) != NULL && byte != '\0';
        if (ends && *shared_end == span.start.offset) {
            *shared_end = before;
        }
        if (ends && byte == ',') {
            *own_start = token->offset + 1;
        }
        depth += byte == '(' || byte == '[' || byte == '{';
        depth -= depth > 0 && (byte == ')' || byte == ']' || byte == '}');
        before = token->offset;
    }
}

typedef struct hm_attribute_reader {
    hm_wording *wording;
    hm_place end;
} hm_attribute_reader;

static enum CXChildVisitResult visit_attribute(
        CXCursor cursor, CXCursor parent, CXClientData data) {
    (void)parent;
    const hm_attribute_reader *reader = data;
    enum CXCursorKind kind = clang_getCursorKind(cursor);
    if (clang_isAttribute(kind) && kind != CXCursor_AnnotateAttr) {
        hm_span span = hm_source_span(reader->wording->entities->source, cursor);
        if (span.start.file == reader->end.file && span.end.file == span.start.file &&
                span.start.offset >= reader->end.offset) {
            add_part(reader->wording, span.start.file, span.start.offset,
                    span.end.offset);
        }
    }
    return CXChildVisit_Continue;
}

// `struct s { ... } __attribute__((packed))` ends at the brace for the parser.
static void add_attributes_behind(hm_wording *wording, CXCursor cursor, hm_place end) {
    hm_attribute_reader reader = {wording, end};
    clang_visitChildren(cursor, visit_attribute, &reader);
}

static enum CXVisitorResult find_strictest(CXCursor cursor, CXClientData data) {
    long long *strictest = data;
    long long alignment = clang_Type_getAlignOf(clang_getCursorType(cursor));
    *strictest = alignment > *strictest ? alignment : *strictest;
    return CXVisit_Continue;
}

// `#pragma pack` stands before the declaration, and is seen by what it does.
static void add_packing(hm_wording *wording, CXCursor cursor) {
    CXType type = clang_getCursorType(cursor);
    long long strictest = 0;
    clang_Type_visitFields(type, find_strictest, &strictest);
    long long layout[] = {clang_Type_getAlignOf(type), clang_Type_getSizeOf(type)};
    if (layout[0] > 0 && layout[0] < strictest) {
        hm_digest_add(wording->digest, layout, sizeof layout);
    }
}

// `__attribute__((vector_size(16)))` behind a typedef's name is in no cursor.
static void add_layout(hm_wording *wording, CXType type) {
    long long layout[] = {clang_Type_getAlignOf(type), clang_Type_getSizeOf(type)};
    if (type.kind == CXType_Vector || type.kind == CXType_ExtVector) {
        hm_digest_add(wording->digest, layout, sizeof layout);
    }
}

static void add_declaration(hm_wording *wording, CXCursor cursor) {
    hm_source *source = wording->entities->source;
    hm_span span = hm_source_span(source, cursor);
    hm_place name = hm_source_cursor_place(source, cursor);
    if (span.start.file == HM_NONE) {
        return;
    }
    if (span.end.file != span.start.file) {
        span.end.offset = UINT32_MAX;
    }
    enum CXCursorKind kind = clang_getCursorKind(cursor);
    uint32_t own = span.start.offset;
    if ((kind == CXCursor_VarDecl || kind == CXCursor_TypedefDecl) &&
            name.file == span.start.file) {
        const hm_source_file *file = hm_source_tokens(source, span.start.file);
        uint32_t shared_end;
        split_declarators(file, span, name.offset, &shared_end, &own);
        if (own > span.start.offset) {
            add_part(wording, span.start.file, span.start.offset, shared_end);
        }
    }
    add_part(wording, span.start.file, own, span.end.offset);
    add_attributes_behind(wording, cursor, span.end);
    if (kind == CXCursor_TypedefDecl) {
        add_layout(wording, clang_getTypedefDeclUnderlyingType(cursor));
    }
    if (kind == CXCursor_StructDecl || kind == CXCursor_UnionDecl) {
        add_packing(wording, cursor);
    }
}

// CONST_##name may become any macro that begins so.
static void use_pasted(hm_wording *wording, const hm_source_file *file,
        const hm_token *left, const hm_token *right) {
    const hm_macros *macros = wording->entities->macros;
    size_t left_length = left != NULL ? left->length : 0;
    size_t right_length = right != NULL ? right->length : 0;
    for (uint32_t i = 0; i < macros->count; i++) {
        const char *name = macros->items[i].name;
        size_t length = strlen(name);
        if (macros->items[i].is_users && length >= left_length + right_length &&
                (left == NULL || memcmp(name, text_of(file, left), left_length) == 0) &&
                (right == NULL || memcmp(name + length - right_length,
                                          text_of(file, right), right_length) == 0)) {
            hm_entities_use(wording->entities, wording->entity,
                    hm_entities_macro(wording->entities, i));
        }
    }
}

// Whether a token repeats one of the names in the parentheses behind a macro's name.
static bool is_parameter(const hm_source_file *file, uint32_t first, uint32_t behind,
        const hm_token *token) {
    for (uint32_t i = first; i < behind; i++) {
        if (file->tokens[i].length == token->length && is_name(&file->tokens[i]) &&
                memcmp(text_of(file, &file->tokens[i]), text_of(file, token),
                        token->length) == 0) {
            return true;
        }
    }
    return false;
}

static void add_macro(hm_wording *wording, const hm_macro *macro) {
    hm_source *source = wording->entities->source;
    const hm_source_file *file = hm_source_tokens(source, macro->span.start.file);
    add_tokens(wording, file, macro->span.start.offset, macro->span.end.offset);
    add_blanks(wording, file, macro->span.start.offset, macro->span.end.offset);
    uint32_t name = hm_source_token_at(file, macro->span.start.offset);
    uint32_t body = name + 1;
    // Parameters follow the name without a blank.
    if (body < file->token_count && hm_token_is(file, &file->tokens[body], "(") &&
            file->tokens[body].offset ==
                    file->tokens[name].offset + file->tokens[name].length) {
        body = hm_source_close(file, body);
    }
    for (uint32_t at = body;
            at < file->token_count && file->tokens[at].offset < macro->span.end.offset;
            at++) {
        const hm_token *token = &file->tokens[at];
        if (!is_parameter(file, name + 1, body, token)) {
            use_macro_token(wording, file, token);
        }
        if (hm_token_is(file, token, "##") && at > body && at + 1 < file->token_count) {
            const hm_token *left = &file->tokens[at - 1];
            const hm_token *right = &file->tokens[at + 1];
            use_pasted(wording, file,
                    is_parameter(file, name + 1, body, left) ? NULL : left,
                    is_parameter(file, name + 1, body, right) ? NULL : right);
        }
    }
}

bool hm_wording_read(hm_entities *entities, uint32_t number) {
    hm_wording wording = {
            .entities = entities,
            .entity = number,
            .digest = hm_digest_create(),
    };
    if (wording.digest == NULL) {
        return false;
    }
    uint32_t macro = entities->items[number].macro;
    hm_digest_add_text(wording.digest, entities->items[number].name);
    if (macro != HM_NONE) {
        add_macro(&wording, &entities->macros->items[macro]);
    } else {
        add_declaration(&wording, entities->items[number].cursor);
    }
    hm_digest_get(wording.digest, entities->items[number].own);
    hm_digest_destroy(wording.digest);
    return true;
}
