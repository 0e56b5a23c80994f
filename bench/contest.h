// contest.h — one dataflow, run by us, by a floor, and by other systems, all in one
// process; and the dataflows that the contests are about.

#ifndef HM_BENCH_CONTEST_H
#define HM_BENCH_CONTEST_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/dataflow.h"
#include "bench/measure.h"
#include "bench/peer.h"

typedef enum hm_rule {
    HM_AS_IT_LIKES, // we choose who runs what; all peers take part
    HM_SHARED,      // we share what there is; only peers that do so take part
} hm_rule;

typedef struct hm_contest {
    const char *bench;
    uint32_t work; // nanoseconds of each node; 0: as little as can be. If there is any,
                   // speed-ups are told, else ratios
    hm_rule rule;
} hm_contest;

// Measures chain, fan, tree, layers and service; small ones if it is to be quick.
// False, after a message, if a system failed or computed something else.
bool hm_contest_hold(const hm_contest *contest, bool is_quick);

// The same for one dataflow, which has its work already; destroys it. NULL: there was
// no memory for it. To be called after hm_contest_begin.
bool hm_contest_begin(void);
bool hm_contest_hold_one(
        const hm_contest *contest, hm_dataflow *dataflow, bool is_quick);

// How many rounds of work take so many nanoseconds, when nothing else is going on.
uint32_t hm_contest_rounds(uint32_t nanoseconds);

#endif
