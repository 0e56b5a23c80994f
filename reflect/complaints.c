// complaints.c — see complaints.h. A misspelt modifier, or one whose header is not
// included, looks like broken C to the parser: its words are mended here.

#include "reflect/complaints.h"

#include <string.h>

#include "reflect/modifiers.h"

// What is wrong with a word of a line that begins as modifiers do.
typedef struct hm_misuse {
    const char *word; // NULL: nothing is
    bool is_known;    // it is a modifier, but not written so
    const char *mend;
} hm_misuse;

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

// Macros that take arguments stand before a parenthesis, and no others do.
static bool is_called(const hm_source_file *file, const hm_token *token) {
    size_t at = token->offset + token->length;
    while (at < file->length &&
            (file->content[at] == ' ' || file->content[at] == '\t')) {
        at++;
    }
    return at < file->length && file->content[at] == '(';
}

static hm_misuse judge(hm_source *source, const char *word, bool is_called_here) {
    const hm_modifier_kind *nearest = hm_modifier_nearest(word);
    if (nearest == NULL) {
        return (hm_misuse){word, false, "use the macros of <hamilton/modifiers.h>"};
    }
    if (strcmp(nearest->macro, word) != 0) {
        return (hm_misuse){word, false,
                hm_source_format(
                        source, "did you mean %s? %s", nearest->macro, nearest->usage)};
    }
    clang_getInclusions(source->unit, note_file, source);
    if (!includes_modifiers(source)) {
        return (hm_misuse){word, true, "include <hamilton/modifiers.h>"};
    }
    bool takes_arguments = nearest->arguments[0] != '\0';
    return takes_arguments != is_called_here ? (hm_misuse){word, true, nearest->usage}
                                             : (hm_misuse){.word = NULL};
}

// The first one in the line of a place.
static hm_misuse find_misuse(hm_source *source, hm_place place) {
    hm_misuse none = {.word = NULL};
    if (!hm_source_is_users(source, place)) {
        return none;
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
        if (token->kind != CXToken_Identifier || token->length <= 3 ||
                memcmp(file->content + token->offset, "HM_", 3) != 0) {
            continue;
        }
        const char *word = hm_source_format(
                source, "%.*s", (int)token->length, file->content + token->offset);
        hm_misuse misuse =
                word != NULL ? judge(source, word, is_called(file, token)) : none;
        if (misuse.word != NULL) {
            return misuse;
        }
    }
    return none;
}

// Whether a place comes after another in the same paragraph, where the parser has not
// found its way again.
static bool is_soon_after(hm_source *source, hm_place place, hm_place earlier) {
    if (earlier.file == HM_NONE || place.file != earlier.file ||
            place.offset < earlier.offset) {
        return false;
    }
    const hm_source_file *file = hm_source_tokens(source, place.file);
    for (size_t at = earlier.offset; at < place.offset && at + 1 < file->length; at++) {
        if (file->content[at] == '\n' &&
                (file->content[at + 1] == '\n' || file->content[at + 1] == '}')) {
            return false;
        }
    }
    return true;
}

// *misused is where a modifier was last found to be misused.
static void report(hm_source *source, CXDiagnostic complaint, hm_place *misused) {
    hm_place place = hm_source_place(source, clang_getDiagnosticLocation(complaint));
    const char *message =
            hm_source_text(source, clang_getDiagnosticSpelling(complaint));
    // Flags are the compiler's business.
    if (place.file == HM_NONE && strstr(message, "unknown argument") != NULL) {
        return;
    }
    hm_misuse misuse = find_misuse(source, place);
    if (misuse.word == NULL) {
        if (!is_soon_after(source, place, *misused)) {
            hm_source_fault(source, place, NULL, NULL, "%s", message);
        }
    } else if (misused->file != place.file || misused->line != place.line) {
        *misused = place;
        hm_source_fault(source, place, NULL, misuse.mend, "%s",
                misuse.is_known
                        ? message
                        : hm_source_format(source, "`%s` is no modifier", misuse.word));
    }
}

void hm_complaints_report(hm_source *source) {
    unsigned count = clang_getNumDiagnostics(source->unit);
    hm_place misused = {.file = HM_NONE};
    for (unsigned i = 0; i < count; i++) {
        CXDiagnostic complaint = clang_getDiagnostic(source->unit, i);
        if (clang_getDiagnosticSeverity(complaint) >= CXDiagnostic_Error) {
            report(source, complaint, &misused);
        }
        clang_disposeDiagnostic(complaint);
    }
}
