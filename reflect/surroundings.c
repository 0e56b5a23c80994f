// surroundings.c — see surroundings.h. Which functions a pragma is for is not followed:
// it counts for all of the source, with the declaration that it stands before. Of what
// could change anything, all code of the source counts.

#include "reflect/surroundings.h"

#include <string.h>

static bool is_any(const hm_source_file *file, uint32_t at, const char *const *words) {
    while (*words != NULL && !hm_token_is(file, &file->tokens[at], *words)) {
        words++;
    }
    return *words != NULL;
}

static void add_token(hm_digest *digest, const hm_source_file *file, uint32_t at) {
    const hm_token *token = &file->tokens[at];
    if (token->kind != CXToken_Comment) {
        hm_digest_add(digest, &token->length, sizeof token->length);
        hm_digest_add(digest, file->content + token->offset, token->length);
    }
}

// Functions that run by themselves; what the preprocessor counts as it goes along.
static bool is_far_reaching(const hm_source_file *file, uint32_t at) {
    static const char *const words[] = {"constructor", "__constructor__", "ifunc",
            "__ifunc__", "__COUNTER__", "__INCLUDE_LEVEL__", NULL};
    return is_any(file, at, words);
}

static bool is_assembly(const hm_source_file *file, uint32_t at) {
    static const char *const words[] = {"asm", "__asm__", "__asm", NULL};
    return is_any(file, at, words);
}

static bool reaches_far(const hm_source_file *file) {
    static const char *const ends[] = {";", "}", NULL};
    size_t depth = 0;
    uint32_t before = UINT32_MAX; // the token before, comments aside
    for (uint32_t at = 0; at < file->token_count; at++) {
        if (file->tokens[at].kind == CXToken_Comment) {
            continue;
        }
        bool begins =
                depth == 0 && (before == UINT32_MAX || is_any(file, before, ends));
        if (is_far_reaching(file, at) || (begins && is_assembly(file, at))) {
            return true;
        }
        depth += hm_token_is(file, &file->tokens[at], "{");
        depth -= depth > 0 && hm_token_is(file, &file->tokens[at], "}");
        before = at;
    }
    return false;
}

// Those that only speak to the compiler about what it says; what `#pragma pack` does is
// seen at each type, see wording.c.
static bool is_harmless(const hm_source_file *file, uint32_t at) {
    static const char *const first[] = {
            "once", "pack", "message", "region", "endregion", NULL};
    static const char *const second[] = {
            "diagnostic", "warning", "error", "poison", NULL};
    return at >= file->token_count || is_any(file, at, first) ||
           (at + 1 < file->token_count && is_any(file, at + 1, second));
}

static bool is_pragma(const hm_source_file *file, uint32_t at) {
    return hm_token_is(file, &file->tokens[at], "_Pragma") ||
           (hm_token_is(file, &file->tokens[at], "pragma") && at > 0 &&
                   hm_token_is(file, &file->tokens[at - 1], "#") &&
                   !is_harmless(file, at + 1));
}

static void add_pragmas(hm_digest *digest, const hm_source_file *file) {
    static const char *const ends[] = {"{", ";", NULL};
    for (uint32_t at = 0; at < file->token_count; at++) {
        if (is_pragma(file, at)) {
            for (; at < file->token_count && !is_any(file, at, ends); at++) {
                add_token(digest, file, at);
            }
        }
    }
}

void hm_surroundings_add(hm_digest *digest, hm_source *source) {
    bool all = false;
    for (uint32_t i = 0; i < source->file_count && !all; i++) {
        all = !source->files[i].is_system && reaches_far(hm_source_tokens(source, i));
    }
    for (uint32_t i = 0; i < source->file_count; i++) {
        if (source->files[i].is_system) {
            continue;
        }
        const hm_source_file *file = hm_source_tokens(source, i);
        for (uint32_t at = 0; all && at < file->token_count; at++) {
            add_token(digest, file, at);
        }
        if (!all) {
            add_pragmas(digest, file);
        }
    }
}
