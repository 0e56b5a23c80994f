// processors.c — libuv knows affinity; the quota of a control group is a file.

#include "scheduler/processors.h"

#include <stdio.h>
#include <uv.h>

// The file says "max 100000" or "150000 100000": microseconds of processor time that
// the group may use in each period of so many.
static uint32_t quota(void) {
    FILE *file = fopen("/sys/fs/cgroup/cpu.max", "re");
    if (file == NULL) {
        return UINT32_MAX;
    }
    unsigned long allowed;
    unsigned long period;
    int read = fscanf(file, "%lu %lu", &allowed, &period);
    fclose(file);
    if (read != 2 || period == 0) {
        return UINT32_MAX;
    }
    unsigned long count = (allowed + period - 1) / period;
    return count > 0 && count < UINT32_MAX ? (uint32_t)count : 1;
}

uint32_t hm_processor_count(void) {
    uint32_t available = uv_available_parallelism();
    uint32_t allowed = quota();
    uint32_t count = available < allowed ? available : allowed;
    return count > 0 ? count : 1;
}
