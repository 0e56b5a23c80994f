// processors.c — libuv knows affinity; the quota of a control group is a file.

#include "scheduler/processors.h"

#include <uv.h>

#include "base/quota.h"

uint32_t hm_processor_count(void) {
    uint32_t available = uv_available_parallelism();
    uint32_t allowed = hm_processor_quota();
    uint32_t count = available < allowed ? available : allowed;
    return count > 0 ? count : 1;
}
