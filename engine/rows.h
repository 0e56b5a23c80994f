// rows.h — calls that need more than their thunk: outputs that are arrays or that must
// be ended, lengths to compare, and functions mapped over one dimension or several.

#ifndef HM_ENGINE_ROWS_H
#define HM_ENGINE_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "engine/failure.h"
#include "engine/run.h"

typedef struct hm_walk hm_walk; // engine/walk.h

// Nothing is in the outputs yet, and whatever comes is to be ended. HM_BAD_DATA if a
// string that the call takes is a null pointer.
hm_status hm_rows_begin(hm_walk *walk);

// How much of a run's scratch memory the call needs.
size_t hm_rows_scratch_size(const hm_plan *plan, uint32_t call);

// Makes room for the outputs of a call and runs its function, over all rows if
// it is mapped. The first row that fails, in the order of rows, is the one that is
// reported.
hm_status hm_rows_run(hm_run *run, uint32_t call, hm_failure *failure);

// For an asynchronous call, mapped over one dimension or none: makes room for the
// outputs, and tells the lanes of its rows and how many these are.
hm_status hm_rows_open(hm_run *run, uint32_t call, const hm_lane **lanes,
        size_t *row_count, hm_failure *failure);

// What such a row has made is not looked at.
void hm_rows_forget(hm_run *run, uint32_t call, size_t row);

#endif
