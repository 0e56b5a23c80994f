// lanes.h — functions run over rows of lanes, by whichever thunk they have.

#ifndef HM_ENGINE_LANES_H
#define HM_ENGINE_LANES_H

#include <stddef.h>

#include <hamilton/module.h>

// Parameters and outputs of a function.
size_t hm_operand_count(const hm_function *function);

// What one slot of an operand takes in a frame or lane.
size_t hm_slot_size(const hm_function *function, size_t operand);

// Bytes that hm_lanes_run needs for a function, whose slots have this alignment.
size_t hm_lanes_frame_size(const hm_function *function, size_t alignment);

// Puts an element there count times.
void hm_lanes_repeat(char *to, const void *element, size_t size, size_t count);

// What hm_map_thunk does. frame: that much memory, so aligned.
int hm_lanes_run(const hm_function *function, const hm_lane *lanes, size_t count,
        size_t *row, char *frame, size_t alignment);

#endif
