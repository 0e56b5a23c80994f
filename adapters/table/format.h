// format.h — which format a file has.

#ifndef HM_ADAPTERS_TABLE_FORMAT_H
#define HM_ADAPTERS_TABLE_FORMAT_H

#include <hamilton/table.h>

// HM_BAD_ARGUMENT for what is none.
hm_status hm_format_check(hm_format format, hm_error *error);

// What the text itself looks like: JSON if it begins as an array or is one object,
// NDJSON if it begins as one object and goes on, else CSV.
hm_format hm_format_of_text(const char *text, size_t length);

#endif
