// lanes.h — functions run over rows of lanes, by whichever thunk they have.

#ifndef HM_ENGINE_LANES_H
#define HM_ENGINE_LANES_H

#include <stddef.h>

#include <hamilton/module.h>

// What hm_lanes_run returns where a function did not fail, but made a null pointer.
enum { HM_LANES_NULL = 1 };

// An expansion that counts elements, but is a null pointer: its function did not fail
// and gave what else it made.
typedef struct hm_null_expansion {
    uint32_t output;
    size_t count; // 0: there is none
} hm_null_expansion;

// Where rows were given up.
typedef struct hm_lanes_failure {
    size_t row;
    size_t start; // of a function that reduces arrays: the elements that it was given,
    size_t count; // or 0: all
    hm_null_expansion null;
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

// Looks for one among the count rows that a function has made, the lowest row first,
// and empties all of them; *row is its row.
hm_null_expansion hm_lanes_empty_null(
        const hm_function *function, const hm_lane *lanes, size_t count, size_t *row);

// A function that failed in a row has given nothing there, whatever it left in its
// outputs.
void hm_lanes_forget(const hm_function *function, const hm_lane *lanes, size_t row);

// What hm_map_thunk does, but that nothing is left of a row that failed. frame: that
// much memory, so aligned. *failure is written if the function fails.
int hm_lanes_run(const hm_function *function, const hm_lane *lanes, size_t count,
        hm_lanes_failure *failure, char *frame, size_t alignment);

#endif
