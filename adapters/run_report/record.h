// record.h — what is written down of a run: what its report says, see
// docs/adapters/report.md.

#ifndef HM_ADAPTERS_RUN_REPORT_RECORD_H
#define HM_ADAPTERS_RUN_REPORT_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/adapter.h>
#include <hamilton/write.h>

#include "base/arena.h"

typedef enum hm_node_state {
    HM_NODE_WAITING,
    HM_NODE_UNDER_WAY,
    HM_NODE_DONE,
    HM_NODE_NOT_DONE, // it failed
    HM_NODE_SKIPPED,
    HM_NODE_CANCELLED,
    HM_NODE_LATE,
    HM_NODE_SUPPLIED,
    HM_NODE_NOT_NEEDED,
} hm_node_state;

// All texts are in the record's arena.
typedef struct hm_node_record {
    const char *name;
    const char *function;
    const char *file;
    uint32_t line;
    uint32_t mapped;
    hm_node_state state;
    const char *reason; // why it failed, or NULL
    const char *cause;  // the node because of which it was skipped, or NULL
    uint64_t began;     // by uv_hrtime(), of its last call; 0 if it was not called
    uint64_t ended;     // 0 while it is under way
    size_t row_count;
    size_t byte_count;       // of its results, without what these point at
    size_t failed_row_count; // that are missing
    uint32_t call_count;
    uint32_t worker; // the thread on which it began
    bool is_decided; // by a cache
    hm_cache_decision decision;
    const char *why;
} hm_node_record;

typedef struct hm_run_record {
    hm_arena arena;
    uint64_t number;
    uint64_t began; // by uv_hrtime()
    uint64_t ended; // 0 while it is under way
    hm_status status;
    const char *message;
    hm_node_record *nodes; // by number in the plan
    uint32_t node_count;
} hm_run_record;

// Writes it, or null, as JSON.
hm_status hm_run_record_write(const hm_run_record *record, hm_write *write, void *to);

#endif
