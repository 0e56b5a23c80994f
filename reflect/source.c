// source.c — see source.h. Token ranges are made from offsets: for a declaration that
// begins with a macro, libclang's own extent yields no tokens at all.

#include "reflect/source.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/allocator.h>

#include "base/text.h"
#include "reflect/complaints.h"
#include "reflect/flags.h"

void *hm_source_array(hm_source *source, size_t count, size_t size) {
    void *memory = hm_arena_array(&source->arena, count, size);
    source->no_memory = source->no_memory || memory == NULL;
    return memory;
}

void *hm_source_grow(hm_source *source, void *items, size_t count, size_t size) {
    void *grown = hm_arena_grow(&source->arena, items, count, size);
    source->no_memory = source->no_memory || grown == NULL;
    return grown;
}

const char *hm_source_text(hm_source *source, CXString string) {
    const char *text = clang_getCString(string);
    const char *copy = hm_arena_text(&source->arena, text != NULL ? text : "");
    clang_disposeString(string);
    source->no_memory = source->no_memory || copy == NULL;
    return copy != NULL ? copy : "";
}

static const char *format_arguments(
        hm_source *source, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    char *text =
            length < 0 ? NULL : hm_arena_take(&source->arena, (size_t)length + 1, 1);
    if (text != NULL) {
        vsnprintf(text, (size_t)length + 1, format, again);
    }
    va_end(again);
    source->no_memory = source->no_memory || text == NULL;
    return text != NULL ? text : "";
}

const char *hm_source_format(hm_source *source, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const char *text = format_arguments(source, format, arguments);
    va_end(arguments);
    return text;
}

// Whether a file is a copy of a header of ours that modules include, wherever it lies.
static bool is_ours(const char *path) {
    static const char *const headers[] = {
            "hamilton/modifiers.h", "hamilton/node.h", "hamilton/export.h"};
    size_t length = strlen(path);
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        size_t ending = strlen(headers[i]);
        if (length >= ending && strcmp(path + length - ending, headers[i]) == 0) {
            return true;
        }
    }
    return false;
}

// What the last bytes of a file are counts for all of it: `#pragma GCC system_header`
// stands near the top.
static bool is_system_file(
        hm_source *source, CXFile handle, const char *path, size_t length) {
    return is_ours(path) || clang_Location_isInSystemHeader(clang_getLocationForOffset(
                                    source->unit, handle, (unsigned)length)) != 0;
}

static uint32_t find_file(hm_source *source, CXFile handle) {
    if (handle == NULL) {
        return HM_NONE;
    }
    for (uint32_t i = source->file_count; i-- > 0;) {
        if (source->files[i].handle == handle) {
            return i;
        }
    }
    hm_source_file *files =
            hm_source_grow(source, source->files, source->file_count, sizeof *files);
    if (files == NULL) {
        return HM_NONE;
    }
    source->files = files;
    size_t length = 0;
    const char *content = clang_getFileContents(source->unit, handle, &length);
    const char *path = hm_source_text(source, clang_getFileName(handle));
    files[source->file_count] = (hm_source_file){
            .handle = handle,
            .path = path,
            .is_system =
                    content == NULL || is_system_file(source, handle, path, length),
            .content = content,
            .length = length,
    };
    return source->file_count++;
}

hm_place hm_source_place(hm_source *source, CXSourceLocation location) {
    CXFile handle;
    hm_place place = {0};
    clang_getFileLocation(location, &handle, &place.line, NULL, &place.offset);
    place.file = find_file(source, handle);
    return place;
}

hm_place hm_source_cursor_place(hm_source *source, CXCursor cursor) {
    return hm_source_place(source, clang_getCursorLocation(cursor));
}

hm_span hm_source_span(hm_source *source, CXCursor cursor) {
    CXSourceRange extent = clang_getCursorExtent(cursor);
    return (hm_span){
            .start = hm_source_place(source, clang_getRangeStart(extent)),
            .end = hm_source_place(source, clang_getRangeEnd(extent)),
    };
}

bool hm_source_is_users(const hm_source *source, hm_place place) {
    return place.file != HM_NONE && !source->files[place.file].is_system;
}

static CXSourceRange range_of(
        hm_source *source, CXFile handle, size_t from, size_t to) {
    return clang_getRange(
            clang_getLocationForOffset(source->unit, handle, (unsigned)from),
            clang_getLocationForOffset(source->unit, handle, (unsigned)to));
}

// Drops the tokens that the preprocessor skipped. Ranges and tokens are both in order.
static void drop_skipped(hm_source *source, hm_source_file *file) {
    CXSourceRangeList *skipped = clang_getSkippedRanges(source->unit, file->handle);
    if (skipped == NULL) {
        return;
    }
    uint32_t kept = 0;
    uint32_t read = 0;
    for (unsigned i = 0; i <= skipped->count; i++) {
        uint32_t from = UINT32_MAX;
        uint32_t to = UINT32_MAX;
        if (i < skipped->count) {
            clang_getFileLocation(
                    clang_getRangeStart(skipped->ranges[i]), NULL, NULL, NULL, &from);
            clang_getFileLocation(
                    clang_getRangeEnd(skipped->ranges[i]), NULL, NULL, NULL, &to);
        }
        while (read < file->token_count && file->tokens[read].offset < from) {
            file->tokens[kept++] = file->tokens[read++];
        }
        while (read < file->token_count && file->tokens[read].offset < to) {
            read++;
        }
    }
    file->token_count = kept;
    clang_disposeSourceRangeList(skipped);
}

const hm_source_file *hm_source_tokens(hm_source *source, uint32_t number) {
    hm_source_file *file = &source->files[number];
    if (file->is_tokenized || file->content == NULL) {
        return file;
    }
    file->is_tokenized = true;
    CXToken *tokens = NULL;
    unsigned count = 0;
    clang_tokenize(source->unit, range_of(source, file->handle, 0, file->length),
            &tokens, &count);
    file->tokens = hm_source_array(source, count, sizeof *file->tokens);
    for (unsigned i = 0; i < count && file->tokens != NULL; i++) {
        CXSourceRange extent = clang_getTokenExtent(source->unit, tokens[i]);
        uint32_t from;
        uint32_t to;
        clang_getSpellingLocation(clang_getRangeStart(extent), NULL, NULL, NULL, &from);
        clang_getSpellingLocation(clang_getRangeEnd(extent), NULL, NULL, NULL, &to);
        file->tokens[file->token_count++] = (hm_token){
                .offset = from,
                .length = to - from,
                .kind = clang_getTokenKind(tokens[i]),
        };
    }
    clang_disposeTokens(source->unit, tokens, count);
    drop_skipped(source, file);
    return file;
}

uint32_t hm_source_token_at(const hm_source_file *file, uint32_t offset) {
    uint32_t low = 0;
    uint32_t high = file->token_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (file->tokens[middle].offset < offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool hm_token_is(const hm_source_file *file, const hm_token *token, const char *text) {
    return strlen(text) == token->length &&
           memcmp(file->content + token->offset, text, token->length) == 0;
}

uint32_t hm_source_close(const hm_source_file *file, uint32_t open) {
    size_t depth = 0;
    for (uint32_t i = open; i < file->token_count; i++) {
        if (hm_token_is(file, &file->tokens[i], "(")) {
            depth++;
        } else if (hm_token_is(file, &file->tokens[i], ")") && --depth == 0) {
            return i + 1;
        }
    }
    return file->token_count;
}

void hm_source_fault(hm_source *source, hm_place place, const char *node,
        const char *mend, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const char *message = format_arguments(source, format, arguments);
    va_end(arguments);
    hm_found_fault *found =
            hm_source_grow(source, source->found, source->found_count, sizeof *found);
    if (found == NULL) {
        return;
    }
    source->found = found;
    found[source->found_count] = (hm_found_fault){
            .place = place,
            .number = source->found_count,
            .fault = {.status = HM_BAD_SOURCE,
                    .node = node,
                    .file = place.file != HM_NONE ? source->files[place.file].path
                                                  : source->files[source->main].path,
                    .line = place.line,
                    .message = message,
                    .mend = mend},
    };
    source->found_count++;
}

static int compare_found(const void *a, const void *b) {
    const hm_found_fault *x = a;
    const hm_found_fault *y = b;
    if (x->place.file != y->place.file) {
        return x->place.file < y->place.file ? -1 : 1;
    }
    if (x->place.line != y->place.line) {
        return x->place.line < y->place.line ? -1 : 1;
    }
    return x->number < y->number ? -1 : 1;
}

hm_status hm_source_report(hm_source *source) {
    if (source->found_count == 0) {
        return HM_OK;
    }
    qsort(source->found, source->found_count, sizeof *source->found, compare_found);
    for (uint32_t i = 0; i < source->found_count; i++) {
        hm_faults_add(source->faults, &source->found[i].fault);
    }
    source->found_count = 0;
    return HM_BAD_SOURCE;
}

static hm_status parse(
        hm_source *source, const hm_reflect_options *options, hm_faults *faults) {
    hm_flags flags = {0};
    hm_flags_init(&flags, &source->arena, options);
    hm_flags_select_meaning(&source->meaning, &source->arena, options);
    if (flags.items == NULL || source->meaning.items == NULL) {
        return HM_NO_MEMORY;
    }
    source->index = clang_createIndex(0, 0);
    enum CXErrorCode code = clang_parseTranslationUnit2(source->index, options->path,
            flags.items, (int)flags.count, NULL, 0,
            CXTranslationUnit_DetailedPreprocessingRecord | CXTranslationUnit_KeepGoing,
            &source->unit);
    if (code == CXError_Success && source->unit != NULL) {
        return HM_OK;
    }
    hm_faults_format(faults,
            (hm_diagnostic){.status = HM_BAD_SOURCE, .file = options->path},
            code == CXError_Crashed ? "the parser crashed on this file"
                                    : "the parser cannot read this file");
    return HM_BAD_SOURCE;
}

// Says why in words that the parser would not find.
static hm_status check_readable(const char *path, hm_faults *faults) {
    FILE *file = fopen(path, "rb");
    if (file != NULL && (fgetc(file) != EOF || !ferror(file))) {
        fclose(file);
        return HM_OK;
    }
    if (file != NULL) {
        fclose(file);
    }
    hm_faults_format(faults, (hm_diagnostic){.status = HM_IO, .file = path},
            "cannot read this file");
    return HM_IO;
}

hm_status hm_source_init(
        hm_source *source, const hm_reflect_options *options, hm_faults *faults) {
    *source = (hm_source){.faults = faults};
    hm_arena_init(&source->arena, hm_allocator_default());
    hm_status status = check_readable(options->path, faults);
    if (status == HM_OK) {
        status = parse(source, options, faults);
    }
    if (status != HM_OK) {
        return status;
    }
    source->main = find_file(source, clang_getFile(source->unit, options->path));
    if (source->main == HM_NONE) {
        return HM_NO_MEMORY;
    }
    source->files[source->main].path = options->path;
    source->files[source->main].is_system = false;
    hm_complaints_report(source);
    return source->no_memory ? HM_NO_MEMORY : hm_source_report(source);
}

void hm_source_finish(hm_source *source) {
    if (source->unit != NULL) {
        clang_disposeTranslationUnit(source->unit);
    }
    if (source->index != NULL) {
        clang_disposeIndex(source->index);
    }
    hm_arena_finish(&source->arena);
}
