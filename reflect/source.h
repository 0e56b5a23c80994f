// source.h — one C file as libclang reads it: the files that it is made of, their
// tokens, and places in them. A place that lies in a macro's expansion is where the
// macro is used.

#ifndef HM_REFLECT_SOURCE_H
#define HM_REFLECT_SOURCE_H

#include <clang-c/Index.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/module.h>
#include <hamilton/status.h>

#include "base/arena.h"
#include "base/diagnostics.h"
#include "reflect/flags.h"
#include "reflect/reflect.h"

typedef struct hm_token {
    uint32_t offset;
    uint32_t length;
    CXTokenKind kind;
} hm_token;

typedef struct hm_source_file {
    CXFile handle;
    const char *path; // as it is to appear in messages
    bool is_system;   // what it defines counts by name only
    const char *content;
    size_t length;

    // All tokens but those that the preprocessor skips, comments included. Only of
    // files that are not the system's, and only once somebody asked for them.
    hm_token *tokens;
    uint32_t token_count;
    bool is_tokenized;
} hm_source_file;

// Somewhere in a file; file is HM_NONE for what the command line or the compiler
// defines.
typedef struct hm_place {
    uint32_t file;
    uint32_t offset;
    uint32_t line;
} hm_place;

// From the first byte of something to the one behind its last.
typedef struct hm_span {
    hm_place start;
    hm_place end;
} hm_span;

typedef struct hm_found_fault {
    hm_place place;
    uint32_t number; // of those found, from 0
    hm_diagnostic fault;
} hm_found_fault;

typedef struct hm_source {
    hm_arena arena; // what is read lives as long as the source
    CXIndex index;
    CXTranslationUnit unit;
    hm_source_file *files;
    uint32_t file_count;
    uint32_t main;    // index of the main file
    hm_flags meaning; // the flags that what the code does depends on
    hm_faults *faults;
    hm_found_fault *found; // and not yet in faults
    uint32_t found_count;
    bool no_memory; // an allocation failed: what was read is incomplete
} hm_source;

// Parses the file. What the compiler calls errors are faults. Keeps faults. To be
// finished in any case.
hm_status hm_source_init(
        hm_source *source, const hm_reflect_options *options, hm_faults *faults);
void hm_source_finish(hm_source *source);

// All of the following return NULL, or something harmless, when memory ran out, and
// remember that in no_memory.

// Zeroed memory that lives as long as the source.
void *hm_source_array(hm_source *source, size_t count, size_t size);

// As hm_arena_grow.
void *hm_source_grow(hm_source *source, void *items, size_t count, size_t size);

// A copy; disposes of the string. Never NULL: "" when memory ran out.
const char *hm_source_text(hm_source *source, CXString string);

// A text made by a format. Never NULL.
const char *hm_source_format(hm_source *source, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

hm_place hm_source_place(hm_source *source, CXSourceLocation location);
hm_place hm_source_cursor_place(hm_source *source, CXCursor cursor);
hm_span hm_source_span(hm_source *source, CXCursor cursor);

// Whether a place is in a file that is not the system's.
bool hm_source_is_users(const hm_source *source, hm_place place);

// The file, its tokens read.
const hm_source_file *hm_source_tokens(hm_source *source, uint32_t file);

// The index of the first token at or behind offset.
uint32_t hm_source_token_at(const hm_source_file *file, uint32_t offset);

// Whether a token reads as text.
bool hm_token_is(const hm_source_file *file, const hm_token *token, const char *text);

// The index behind the parenthesis that closes the one at `open`, or token_count.
uint32_t hm_source_close(const hm_source_file *file, uint32_t open);

// Adds what was found to the faults, by file and line. HM_BAD_SOURCE if there was any.
hm_status hm_source_report(hm_source *source);

// Notes a fault at a place; mend may be NULL. Keeps node and mend.
void hm_source_fault(hm_source *source, hm_place place, const char *node,
        const char *mend, const char *format, ...)
        __attribute__((format(printf, 5, 6)));

#endif
