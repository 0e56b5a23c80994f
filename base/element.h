// element.h — elements in memory: integers of any size, what stands for missing ones,
// and the fields of structs, bit-fields included.

#ifndef HM_BASE_ELEMENT_H
#define HM_BASE_ELEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/type.h>

// The value of an INT element, or of a BOOL or UINT one, of size 1, 2, 4 or 8.
int64_t hm_element_int(const hm_type *type, const void *element);
uint64_t hm_element_uint(const hm_type *type, const void *element);

// Stores the low bytes of value as an integer of size 1, 2, 4 or 8.
void hm_element_store(void *element, size_t size, uint64_t value);

// NaN as a FLOAT element of a size.
void hm_element_store_nan(void *element, size_t size);

// What stands for a missing element: NaN, "" for strings, also in structs, else zeros.
void hm_element_store_missing(const hm_type *type, void *element);

// An integer as a bit-field's own type holds it. Room for any is 8 bytes.
void hm_bit_field_load(const hm_field *field, const void *object, void *element);

// The other way; false, and nothing is written, if the field is too narrow for it.
bool hm_bit_field_store(const hm_field *field, void *object, const void *element);

#endif
