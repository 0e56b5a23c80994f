// parent.h — the span in which runs that a thread begins are, see hm_otlp_set_parent.

#ifndef HM_ADAPTERS_OTLP_PARENT_H
#define HM_ADAPTERS_OTLP_PARENT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct hm_parent {
    bool is_set;
    bool is_sampled;
    uint64_t high; // of the trace's id
    uint64_t low;
    uint64_t span;
} hm_parent;

// This thread's.
const hm_parent *hm_parent_here(void);

#endif
