// json_write.h — JSON text put together piece by piece.

#ifndef HM_BASE_JSON_WRITE_H
#define HM_BASE_JSON_WRITE_H

#include <hamilton/value.h>

#include "base/sink.h"

void hm_json_put_value(hm_sink *sink, const hm_value *value);

// Element i of a value that is an array: of the depth that is one less.
void hm_json_put_element(hm_sink *sink, const hm_value *value, size_t i);

// With its quotes. NULL is null.
void hm_json_put_string(hm_sink *sink, const char *text);

#endif
