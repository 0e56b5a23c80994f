// team.c — see team.h.

#include "adapters/table/team.h"

#include <uv.h>

#include "base/quota.h"

enum { LARGEST_TEAM = 64 };

static uint32_t processor_count(void) {
    uint32_t available = uv_available_parallelism();
    uint32_t allowed = hm_processor_quota();
    return available < allowed ? available : allowed;
}

static size_t least_of(size_t a, size_t b) {
    return a < b ? a : b;
}

void hm_team_do(
        uint32_t thread_count, size_t piece_count, hm_team_work *work, void *context) {
    size_t wanted = least_of(piece_count, LARGEST_TEAM);
    if (wanted > 1) {
        wanted = least_of(wanted, thread_count > 0 ? thread_count : processor_count());
    }
    uv_thread_t threads[LARGEST_TEAM];
    size_t started = 0;
    while (started + 1 < wanted &&
            uv_thread_create(&threads[started], work, context) == 0) {
        started++;
    }
    work(context);
    for (size_t i = 0; i < started; i++) {
        uv_thread_join(&threads[i]);
    }
}
