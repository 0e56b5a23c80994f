// writer.h — a bundle that is being written.
//
//     HM_TRY(hm_bundle_writer_init(&writer, folder, allocator, error));
//     ... writer.content is filled, hm_bundle_writer_keep() for each value ...
//     ... hm_bundle_writer_end(), and writer.draft gets its name ...
//     hm_bundle_writer_finish(&writer);

#ifndef HM_ADAPTERS_BUNDLE_WRITER_H
#define HM_ADAPTERS_BUNDLE_WRITER_H

#include "adapters/bundle/content.h"
#include "adapters/bundle/draft.h"

typedef struct hm_bundle_writer {
    hm_arena arena;
    hm_draft draft;
    hm_bundle_content content;
    size_t file_count;
} hm_bundle_writer;

// Begins one inside a folder; the caller calls finish in any case.
HM_MUST_CHECK hm_status hm_bundle_writer_init(hm_bundle_writer *writer,
        const char *folder, const hm_allocator *allocator, hm_error *error);

// Keeps a value in a file and notes it in a list of the content. Where its type has an
// obstacle it is noted why it is not kept; kept->file is NULL then.
HM_MUST_CHECK hm_status hm_bundle_writer_keep(hm_bundle_writer *writer,
        hm_bundle_values *list, const char *name, const hm_value *value,
        bool is_override, const char **file, hm_error *error);

// Notes a value that is not there, and why.
HM_MUST_CHECK hm_status hm_bundle_writer_miss(hm_bundle_writer *writer,
        hm_bundle_values *list, const char *name, const hm_type *type, const char *why,
        hm_error *error);

// Writes what the content says, after which the draft is complete.
HM_MUST_CHECK hm_status hm_bundle_writer_end(hm_bundle_writer *writer, hm_error *error);

// Frees it, with a draft that got no name.
void hm_bundle_writer_finish(hm_bundle_writer *writer);

#endif
