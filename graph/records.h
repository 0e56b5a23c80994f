// records.h — structs as rows of a table: a column for each field, of its name.
//
//     struct sale { long id; char place[8]; double price; }
//
//     id   ▒▒▒▒      place ▒▒▒▒ as strings      price ▒▒▒▒

#ifndef HM_GRAPH_RECORDS_H
#define HM_GRAPH_RECORDS_H

#include <stddef.h>

#include <hamilton/status.h>
#include <hamilton/type.h>
#include <hamilton/value.h>

#include "base/arena.h"

// What a field's column has as elements; NULL if the field is an array of other than
// char, which no column holds.
const hm_type *hm_record_column_type(const hm_field *field);

// An array of structs, in the arena, of columns that are as long: one for each field,
// of its column's type. HM_BAD_DATA, which names row and column, where an element is
// missing that has no NaN and is no string, or does not fit its field.
hm_status hm_records_gather(const hm_type *type, const hm_value *columns, size_t count,
        hm_arena *arena, hm_value *records, hm_error *error);

// The other way: columns in the arena of structs, one or an array, which may lie by
// reference. One that is missing, or is no object, is missing in each column.
hm_status hm_records_split(
        const hm_value *records, hm_arena *arena, hm_value *columns, hm_error *error);

#endif
