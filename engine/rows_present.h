// rows_present.h — rows of a call that runs by itself of which something is missing: as
// in a pipeline, the function is not called for them, and what it would make is
// missing.

#ifndef HM_ENGINE_ROWS_PRESENT_H
#define HM_ENGINE_ROWS_PRESENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/lanes.h"
#include "engine/walk.h"

// Whether rows of the call may be missing: it is mapped over one dimension and takes
// and makes no arrays but expansions.
bool hm_rows_may_miss(const hm_walk *walk);

// Which rows are present; NULL if all are, and none can become missing.
hm_status hm_rows_find_present(hm_walk *walk, size_t row_count, uint8_t **mask);

// Runs the function on those. A status other than 0 is the function's, of the row that
// *failure tells.
int hm_rows_run_present(const hm_walk *walk, hm_lane *lanes, size_t row_count,
        const uint8_t *mask, hm_lanes_failure *failure, void *row_frame);

// Puts into the outputs what is in the place of missing elements, and their validities.
hm_status hm_rows_note_missing(
        hm_walk *walk, const hm_lane *lanes, size_t row_count, uint8_t *mask);

#endif
