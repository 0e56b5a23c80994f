// format.h — what the format string of an ArrowSchema says.

#ifndef HM_ADAPTERS_ARROW_FORMAT_H
#define HM_ADAPTERS_ARROW_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/type.h>

// How the memory of an array is laid out.
typedef enum hm_arrow_form {
    HM_ARROW_UNKNOWN,
    HM_ARROW_NULL, // nothing at all
    HM_ARROW_BOOL, // a bit for each
    HM_ARROW_NUMBER,
    HM_ARROW_TEXT,       // int32_t offsets into bytes
    HM_ARROW_LARGE_TEXT, // int64_t offsets
    HM_ARROW_TEXT_VIEW,  // 16 bytes each, with a short text or where a long one is
    HM_ARROW_LIST,       // int32_t offsets into a child
    HM_ARROW_LARGE_LIST, // int64_t offsets
    HM_ARROW_FIXED_LIST, // each of list_length elements of a child
    HM_ARROW_STRUCT,     // children of the same length
} hm_arrow_form;

typedef struct hm_arrow_format {
    hm_arrow_form form;
    const char *word;      // what it is called in a message; static
    const char *mend;      // what to do about one that is UNKNOWN
    const hm_type *stored; // a NUMBER in memory
    const hm_type *type;   // what it becomes if nobody wants another; NULL for a struct
                           // and for lists; of dates and timestamps a type of times
    bool is_span;          // a NUMBER that is a duration or a time of day
    size_t list_length;
    size_t buffer_count; // of a TEXT_VIEW, at least
} hm_arrow_format;

// The format, which may be NULL. UNKNOWN also for what we know of but do not take.
hm_arrow_format hm_arrow_format_read(const char *format);

// The signed type of 64 bits, which is long or long long.
const hm_type *hm_arrow_int64(void);

#endif
