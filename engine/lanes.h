// lanes.h — functions run over rows of lanes, by whichever thunk they have.

#ifndef HM_ENGINE_LANES_H
#define HM_ENGINE_LANES_H

#include <stddef.h>

#include <hamilton/module.h>

// Where rows were given up.
typedef struct hm_lanes_failure {
    size_t row;
    size_t start; // of a function that reduces arrays: the elements that it was given,
    size_t count; // or 0: all
} hm_lanes_failure;

// Parameters and outputs of a function.
size_t hm_operand_count(const hm_function *function);

// What one slot of an operand takes in a frame or lane.
size_t hm_slot_size(const hm_function *function, size_t operand);

// Bytes that hm_lanes_run needs for a function, whose slots have this alignment.
size_t hm_lanes_frame_size(const hm_function *function, size_t alignment);

// Gives each operand of a function that is called row by row its slot in the frame, and
// returns their offsets, which lie there, too.
const uint32_t *hm_lanes_lay_frame(
        const hm_function *function, char *frame, size_t alignment);

// Puts an element there count times.
void hm_lanes_repeat(char *to, const void *element, size_t size, size_t count);

// What hm_map_thunk does. frame: that much memory, so aligned. *failure is written if
// the function fails.
int hm_lanes_run(const hm_function *function, const hm_lane *lanes, size_t count,
        hm_lanes_failure *failure, char *frame, size_t alignment);

#endif
