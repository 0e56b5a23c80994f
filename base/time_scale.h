// time_scale.h — times of one unit as times of another, exactly or not at all.

#ifndef HM_BASE_TIME_SCALE_H
#define HM_BASE_TIME_SCALE_H

#include <stddef.h>
#include <stdint.h>

#include <hamilton/type.h>

// Makes times of one unit such of another, where they are. How many come before one
// that the other unit cannot hold, which is left as it was: count if it holds all.
size_t hm_time_scale(hm_time_unit from, hm_time_unit to, int64_t *times, size_t count);

// Why the other unit cannot hold it, before the name of that type: "is finer than".
const char *hm_time_scale_complaint(hm_time_unit from, hm_time_unit to);

#endif
