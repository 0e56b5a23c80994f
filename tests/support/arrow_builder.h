// arrow_builder.h — Arrow arrays made by hand, each buffer in memory of exactly its
// size:
//
//     struct ArrowSchema schema;
//     struct ArrowArray array;
//     hm_built batch = hm_build(&schema, &array, 3);
//     hm_built x = hm_build_child(batch, "x", "i", 3);
//     hm_build_buffer(x, NULL, 0);
//     hm_build_buffer(x, numbers, sizeof numbers);
//
// What was built may be changed further before it is used.

#ifndef HM_TESTS_SUPPORT_ARROW_BUILDER_H
#define HM_TESTS_SUPPORT_ARROW_BUILDER_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/arrow.h>

typedef struct hm_built {
    struct ArrowSchema *schema;
    struct ArrowArray *array;
} hm_built;

// Schemas and arrays that were built and not yet released.
extern atomic_int hm_built_schemas;
extern atomic_int hm_built_arrays;

// A record batch without columns, in the caller's structs. Its validity buffer is NULL.
hm_built hm_build(struct ArrowSchema *schema, struct ArrowArray *array, int64_t length);

// Another child; format and name are kept.
hm_built hm_build_child(
        hm_built parent, const char *name, const char *format, int64_t length);

hm_built hm_build_dictionary(hm_built parent, const char *format, int64_t length);

// The next buffer: a copy, or NULL.
void hm_build_buffer(hm_built built, const void *data, size_t size);

// A child of numbers, and one of text whose offsets are made.
hm_built hm_build_numbers(hm_built parent, const char *name, const char *format,
        int64_t length, const uint8_t *validity, const void *data, size_t size);
hm_built hm_build_texts(hm_built parent, const char *name, int64_t length,
        const uint8_t *validity, const char *const *texts);

#endif
