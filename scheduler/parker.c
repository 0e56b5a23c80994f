// parker.c — see parker.h.

#include "scheduler/parker.h"

bool hm_parker_init(hm_parker *parker) {
    parker->has_permit = false;
    if (uv_mutex_init(&parker->lock) != 0) {
        return false;
    }
    if (uv_cond_init(&parker->wake) != 0) {
        uv_mutex_destroy(&parker->lock);
        return false;
    }
    return true;
}

void hm_parker_finish(hm_parker *parker) {
    uv_cond_destroy(&parker->wake);
    uv_mutex_destroy(&parker->lock);
}

bool hm_parker_park(hm_parker *parker, uint64_t nanoseconds) {
    uint64_t end = uv_hrtime() + nanoseconds;
    uv_mutex_lock(&parker->lock);
    while (!parker->has_permit) {
        uint64_t now = nanoseconds > 0 ? uv_hrtime() : 0;
        if (nanoseconds == 0) {
            uv_cond_wait(&parker->wake, &parker->lock);
        } else if (now >= end) {
            break;
        } else {
            uv_cond_timedwait(&parker->wake, &parker->lock, end - now);
        }
    }
    bool was_unparked = parker->has_permit;
    parker->has_permit = false;
    uv_mutex_unlock(&parker->lock);
    return was_unparked;
}

void hm_parker_unpark(hm_parker *parker) {
    uv_mutex_lock(&parker->lock);
    parker->has_permit = true;
    uv_cond_signal(&parker->wake);
    uv_mutex_unlock(&parker->lock);
}
