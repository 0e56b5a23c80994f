// nest.h — members of a pipeline with arrays inside of their rows: mapped over further
// dimensions, or functions that take or make an array of each row.
//
//     row of the pipeline      0             1     2
//     what it reads            [ a b c ]     [ ]   [ d e ]
//     what it makes            [ A B C ]     [ ]   [ D E ]
//
// What is made for a block is taken from the worker's stock, one piece for the rows of
// an output, and a view of its part goes to each row. Rows whose arrays lie one behind
// the other, as those that were made like that do, are run at once.

#ifndef HM_ENGINE_NEST_H
#define HM_ENGINE_NEST_H

#include "engine/share.h"

// Runs a member over the rows of a block that the mask has, or all. False if one
// failed.
bool hm_nest_run(
        hm_share *share, uint32_t m, size_t start, size_t count, uint8_t *mask);

#endif
