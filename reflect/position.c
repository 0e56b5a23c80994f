// position.c — see position.h.

#include "reflect/position.h"

#include <string.h>

// Of macros whether they say where they stand.
enum { UNKNOWN, NO, YES };

static bool says_line(const hm_source_file *file, const hm_token *token) {
    return hm_token_is(file, token, "__LINE__");
}

static bool says_position(const hm_source_file *file, const hm_token *token) {
    return says_line(file, token) || hm_token_is(file, token, "__FILE__");
}

// `#line` has the preprocessor believe that it is elsewhere.
static void add_presumed(hm_digest *digest, hm_source *source,
        const hm_source_file *file, uint32_t offset, uint64_t line) {
    CXString name;
    unsigned presumed;
    clang_getPresumedLocation(
            clang_getLocationForOffset(source->unit, file->handle, offset), &name,
            &presumed, NULL);
    const char *path = hm_source_text(source, name);
    if (presumed != line) {
        hm_digest_add(digest, &presumed, sizeof presumed);
        hm_digest_add_text(digest, path);
    }
}

static void add_position(hm_digest *digest, hm_source *source,
        const hm_source_file *file, uint32_t offset) {
    uint64_t line = 1;
    for (uint32_t i = 0; i < offset && i < file->length; i++) {
        line += file->content[i] == '\n';
    }
    hm_digest_add(digest, &line, sizeof line);
    hm_digest_add_text(digest, file->path);
    add_presumed(digest, source, file, offset, line);
}

void hm_position_add_token(hm_digest *digest, hm_source *source,
        const hm_source_file *file, const hm_token *token) {
    if (says_position(file, token)) {
        add_position(digest, source, file, token->offset);
    }
}

static bool macro_says(hm_entities *entities, uint32_t macro);

// Whether a name in a macro's body is a macro that does.
static bool name_says(
        hm_entities *entities, const hm_source_file *file, const hm_token *token) {
    const hm_macros *macros = entities->macros;
    char name[256];
    if (token->kind != CXToken_Identifier || token->length >= sizeof name) {
        return false;
    }
    memcpy(name, file->content + token->offset, token->length);
    name[token->length] = '\0';
    uint32_t found = hm_names_find(&macros->names, name);
    while (found != HM_NAMES_ABSENT && found != HM_NONE) {
        if (macros->items[found].is_users && macro_says(entities, found)) {
            return true;
        }
        found = macros->items[found].earlier;
    }
    return false;
}

// Recursion ends at macros that are being looked at, which count as NO until then, and
// is as deep as macros use each other.
static bool macro_says(hm_entities *entities, uint32_t macro) {
    hm_source *source = entities->source;
    if (entities->positions == NULL) {
        entities->positions = hm_source_array(source, entities->macros->count, 1);
    }
    if (entities->positions == NULL) {
        return false;
    }
    if (entities->positions[macro] == UNKNOWN) {
        const hm_macro *own = &entities->macros->items[macro];
        entities->positions[macro] = NO;
        const hm_source_file *file =
                own->span.start.file != HM_NONE
                        ? hm_source_tokens(source, own->span.start.file)
                        : NULL;
        bool says = false;
        for (uint32_t at = file != NULL
                                   ? hm_source_token_at(file, own->span.start.offset)
                                   : 0;
                file != NULL && at < file->token_count && !says &&
                file->tokens[at].offset < own->span.end.offset;
                at++) {
            says = says_position(file, &file->tokens[at]) ||
                   name_says(entities, file, &file->tokens[at]);
        }
        entities->positions[macro] = says ? YES : NO;
    }
    return entities->positions[macro] == YES;
}

void hm_position_add_expansion(hm_digest *digest, hm_entities *entities, uint32_t macro,
        const hm_source_file *file, uint32_t offset) {
    if (macro_says(entities, macro)) {
        add_position(digest, entities->source, file, offset);
    }
}
