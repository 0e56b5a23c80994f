// read.h — a source becomes a model.

#ifndef HM_REFLECT_READ_H
#define HM_REFLECT_READ_H

#include "reflect/declared.h"
#include "reflect/macros.h"
#include "reflect/model.h"
#include "reflect/source.h"
#include "reflect/types.h"

typedef struct hm_reading {
    hm_source *source;
    hm_macros macros;
    hm_types types;
    hm_declared declared;
    hm_model model;
} hm_reading;

// Reads all that the source says; its faults are reported. To be finished in any case.
hm_status hm_reading_init(hm_reading *reading, hm_source *source);
void hm_reading_finish(hm_reading *reading);

#endif
