// content.h — what bundle.json of a bundle says, and how it is written and read. It is
// described in docs/adapters/bundle.md; its version grows when a member changes its
// meaning or goes.

#ifndef HM_ADAPTERS_BUNDLE_CONTENT_H
#define HM_ADAPTERS_BUNDLE_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/status.h>
#include <hamilton/value.h>
#include <hamilton/write.h>

#include "base/arena.h"

#define HM_BUNDLE_FILE "bundle.json"

enum { HM_BUNDLE_VERSION = 1 };

// A value that was kept, or why it was not.
typedef struct hm_bundle_value {
    const char *name;
    const char *type;  // its name
    const char *file;  // in the folder; NULL if there is none
    const char *why;   // without a file: why; of an output also what came of it
    const char *shown; // how it begins, to look at; NULL if it is not there
    uint32_t depth;
    bool by_reference;
    bool is_override; // of an input
} hm_bundle_value;

// The version of the code behind a node; NULL if its module does not tell.
typedef struct hm_bundle_version {
    const char *node;
    const char *version;
} hm_bundle_version;

// Lists that grow in the arena.
typedef struct hm_bundle_texts {
    const char **items;
    size_t count;
} hm_bundle_texts;

typedef struct hm_bundle_values {
    hm_bundle_value *items;
    size_t count;
} hm_bundle_values;

typedef struct hm_bundle_versions {
    hm_bundle_version *items;
    size_t count;
} hm_bundle_versions;

typedef struct hm_bundle_config {
    hm_binding *items; // JSON texts
    size_t count;
} hm_bundle_config;

// Texts are in the arena, or outlive it; they are NULL where there is nothing.
typedef struct hm_bundle_content {
    uint32_t version;
    bool is_record;
    bool keeps_going;   // as hm_request.keep_going
    bool rows_may_fail; // as that of hm_request
    const char *hamilton;
    const char *compiler;
    const char *node; // that failed, and all up to the message; not of a record
    const char *module;
    const char *function;
    const char *file;
    uint32_t line;
    const char *processor;
    const char *message;
    hm_bundle_texts modules; // paths, relative to the folder
    hm_bundle_texts arguments;
    hm_bundle_config config;
    hm_bundle_texts wanted;
    hm_bundle_values inputs;
    hm_bundle_values outputs;
    hm_bundle_versions versions;
} hm_bundle_content;

// Add one more item; false if memory ran out. A text may be NULL because it did.
bool hm_bundle_add_text(hm_arena *arena, hm_bundle_texts *texts, const char *text);
bool hm_bundle_add_value(
        hm_arena *arena, hm_bundle_values *values, const hm_bundle_value *value);
bool hm_bundle_add_version(
        hm_arena *arena, hm_bundle_versions *versions, hm_bundle_version version);
bool hm_bundle_add_config(
        hm_arena *arena, hm_bundle_config *config, const char *name, const char *json);

HM_MUST_CHECK hm_status hm_bundle_content_write(
        const hm_bundle_content *content, hm_write *write, void *to);

// Reads into an empty content. HM_BAD_DATA, HM_NO_MEMORY.
HM_MUST_CHECK hm_status hm_bundle_content_read(const char *text, size_t length,
        hm_arena *arena, hm_bundle_content *content, hm_error *error);

#endif
