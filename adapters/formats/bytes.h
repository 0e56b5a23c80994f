// bytes.h — a file that is read whole.

#ifndef HM_ADAPTERS_FORMATS_BYTES_H
#define HM_ADAPTERS_FORMATS_BYTES_H

#include <stddef.h>

#include <hamilton/allocator.h>
#include <hamilton/data_format.h>
#include <hamilton/status.h>

typedef struct hm_bytes {
    const hm_allocator *allocator;
    char *text; // aligned for any type, with a NUL behind its length
    size_t length;
    size_t capacity;
    hm_data_facts facts;
} hm_bytes;

// path may be "-", for standard input; messages name it. The caller finishes the file.
HM_MUST_CHECK hm_status hm_bytes_read(const char *path, const hm_allocator *allocator,
        hm_bytes *file, hm_error *error);

// Accepts a zeroed one.
void hm_bytes_finish(hm_bytes *file);

#endif
