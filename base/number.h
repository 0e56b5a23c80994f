// number.h — numbers from decimal text, exactly and whatever the locale. Writing them
// is public: hm_number_format in <hamilton/json.h>.

#ifndef HM_BASE_NUMBER_H
#define HM_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/type.h>

typedef enum hm_number_fit {
    HM_NUMBER_FITS,
    HM_NUMBER_MALFORMED,      // not [+-]digits[.digits][e[+-]digits]
    HM_NUMBER_NOT_AN_INTEGER, // an integer type, and the number has a fraction
    HM_NUMBER_OUT_OF_RANGE,   // of the type
} hm_number_fit;

// Reads the whole text as an element of an INT, UINT or FLOAT type. An integer type
// takes only what it can hold exactly ("3.0" and "1e3" are integers), a floating type
// what is nearest: one rounding, to even, from the decimal text to the type itself. The
// digits before or after the point may be missing, not both. element is untouched
// unless the number fits.
hm_number_fit hm_number_read(
        const hm_type *type, const char *text, size_t length, void *element);

// Reads the number that the text begins with, if it is as most are, and returns how
// many bytes it has: what hm_number_read() makes of these. 0, and the element is
// untouched, if there is none, or one that takes more thought.
size_t hm_number_begin(
        const hm_type *type, const char *text, const char *end, void *element);

// The least and greatest value of an INT or UINT type of size 1, 2, 4 or 8.
int64_t hm_number_least(const hm_type *type);
uint64_t hm_number_greatest(const hm_type *type);

#endif
