// quota.c — see quota.h.

#include "base/quota.h"

#include <stdio.h>

// The file says "max 100000" or "150000 100000": microseconds of processor time that
// the group may use in each period of so many.
uint32_t hm_processor_quota(void) {
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
