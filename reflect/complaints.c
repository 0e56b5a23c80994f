// complaints.c — see complaints.h. A misspelt modifier, or one whose header is not
// included, looks like broken C to the parser: its words are mended here.

#include "reflect/complaints.h"

#include <string.h>

#include "reflect/modifiers.h"

// The first word of the line that begins as modifiers do and is none that is defined.
static const char *find_unknown_modifier(hm_source *source, hm_place place) {
    if (!hm_source_is_users(source, place)) {
        return NULL;
    }
    const hm_source_file *file = hm_source_tokens(source, place.file);
    size_t start = place.offset < file->length ? place.offset : file->length;
    while (start > 0 && file->content[start - 1] != '\n') {
        start--;
    }
    const char *line = file->content + start;
    const char *newline = memchr(line, '\n', file->length - start);
    size_t end = newline != NULL ? (size_t)(newline - file->content) : file->length;
    for (uint32_t i = hm_source_token_at(file, (uint32_t)start);
            i < file->token_count && file->tokens[i].offset < end; i++) {
        const hm_token *token = &file->tokens[i];
        if (token->kind == CXToken_Identifier && token->length > 3 &&
                memcmp(file->content + token->offset, "HM_", 3) == 0) {
            return hm_source_format(
                    source, "%.*s", (int)token->length, file->content + token->offset);
        }
    }
    return NULL;
}

static bool includes_modifiers(hm_source *source) {
    for (uint32_t i = 0; i < source->file_count; i++) {
        const char *name = strrchr(source->files[i].path, '/');
        if (name != NULL && strcmp(name, "/modifiers.h") == 0) {
            return true;
        }
    }
    return false;
}

static void note_file(
        CXFile file, CXSourceLocation *stack, unsigned depth, CXClientData data) {
    (void)stack;
    (void)depth;
    hm_source *source = data;
    hm_source_place(source, clang_getLocationForOffset(source->unit, file, 0));
}

static const char *find_mend(hm_source *source, hm_place place) {
    const char *word = find_unknown_modifier(source, place);
    if (word == NULL) {
        return NULL;
    }
    clang_getInclusions(source->unit, note_file, source);
    bool included = includes_modifiers(source);
    const hm_modifier_kind *nearest = hm_modifier_nearest(word);
    if (nearest != NULL && strcmp(nearest->macro, word) == 0) {
        return included ? NULL : "include <hamilton/modifiers.h>";
    }
    return nearest != NULL
                   ? hm_source_format(source, "%s is no modifier: did you mean %s?",
                             word, nearest->macro)
                   : hm_source_format(source, "%s is no modifier", word);
}

static void report(hm_source *source, CXDiagnostic complaint) {
    hm_place place = hm_source_place(source, clang_getDiagnosticLocation(complaint));
    const char *message =
            hm_source_text(source, clang_getDiagnosticSpelling(complaint));
    // Flags are the compiler's business.
    if (place.file == HM_NONE && strstr(message, "unknown argument") != NULL) {
        return;
    }
    hm_source_fault(source, place, NULL, find_mend(source, place), "%s", message);
}

void hm_complaints_report(hm_source *source) {
    unsigned count = clang_getNumDiagnostics(source->unit);
    for (unsigned i = 0; i < count; i++) {
        CXDiagnostic complaint = clang_getDiagnostic(source->unit, i);
        if (clang_getDiagnosticSeverity(complaint) >= CXDiagnostic_Error) {
            report(source, complaint);
        }
        clang_disposeDiagnostic(complaint);
    }
}
