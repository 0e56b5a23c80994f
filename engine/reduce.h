// reduce.h — functions under HM_REDUCE. Their arrays are cut into chunks whose length
// depends on nothing, the function makes a value of each chunk, and these are combined
// from the first to the last. So the bits of what comes out do not depend on who ran
// which chunk: on several workers, see share.c, or one after the other, as here.

#ifndef HM_ENGINE_REDUCE_H
#define HM_ENGINE_REDUCE_H

#include <stddef.h>
#include <stdint.h>

#include <hamilton/module.h>

#include "engine/lanes.h"

// Rows of a chunk; <hamilton/modifiers.h> tells users. Their columns are in the second
// level of a cache, and what a chunk costs besides its rows is lost among them.
enum { HM_REDUCE_ROWS = 4096 };

// Rows of an array: none if count is 0.
typedef struct hm_chunk {
    size_t start;
    size_t count;
} hm_chunk;

// How many chunks an array has: one at least.
static inline size_t hm_reduce_chunk_count(size_t length) {
    return length > HM_REDUCE_ROWS ? (length - 1) / HM_REDUCE_ROWS + 1 : 1;
}

// The chunk of a number; without rows if the array ends before it.
static inline hm_chunk hm_reduce_chunk(size_t length, size_t number) {
    size_t start = number * HM_REDUCE_ROWS;
    size_t left = start < length ? length - start : 0;
    return (hm_chunk){start, left < HM_REDUCE_ROWS ? left : HM_REDUCE_ROWS};
}

// Lays what the function is called with for a chunk of what lanes have in a row; lanes
// and frame as of hm_lanes_run. Returns the offsets of its slots in the frame.
const uint32_t *hm_reduce_lay(const hm_function *function, const hm_lane *lanes,
        size_t row, hm_chunk chunk, char *frame, size_t alignment);

// What hm_lanes_run does.
int hm_reduce_rows(const hm_function *function, const hm_lane *lanes, size_t count,
        hm_lanes_failure *failure, char *frame, size_t alignment);

#endif
