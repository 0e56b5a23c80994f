// parcel.h — a reflection and its faults as bytes, from one process to another of the
// same program.

#ifndef HM_REFLECT_PARCEL_H
#define HM_REFLECT_PARCEL_H

#include "base/diagnostics.h"
#include "base/text.h"
#include "reflect/reflect.h"

// reflection is NULL unless status is HM_OK.
void hm_parcel_write(hm_text *to, hm_status status, const hm_reflection *reflection,
        const hm_diagnostics *list);

// Adds the faults and returns the status; the caller destroys *reflection if it is
// HM_OK.
hm_status hm_parcel_read(const char *bytes, size_t length, hm_reflection **reflection,
        hm_faults *faults);

#endif
