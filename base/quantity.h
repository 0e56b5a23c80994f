// quantity.h — times and sizes as people read them: three digits and a unit.

#ifndef HM_BASE_QUANTITY_H
#define HM_BASE_QUANTITY_H

#include <stddef.h>

typedef struct hm_quantity {
    char text[24];
} hm_quantity;

// "12.3 µs"; the unit is at most seconds.
hm_quantity hm_quantity_time(double nanoseconds);

// "12.3 KiB".
hm_quantity hm_quantity_bytes(size_t bytes);

#endif
