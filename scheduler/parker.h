// parker.h — where one worker sleeps. An unpark that comes before the park is not lost:
// the park then returns at once.

#ifndef HM_SCHEDULER_PARKER_H
#define HM_SCHEDULER_PARKER_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

typedef struct hm_parker {
    uv_mutex_t lock;
    uv_cond_t wake;
    bool has_permit; // protected by lock
} hm_parker;

// False if the system has no more of these.
bool hm_parker_init(hm_parker *parker);
void hm_parker_finish(hm_parker *parker);

// Owner only. Sleeps until unparked or until so many nanoseconds have passed, 0 for
// ever. Takes the permit; false if time ran out.
bool hm_parker_park(hm_parker *parker, uint64_t nanoseconds);

// Any thread.
void hm_parker_unpark(hm_parker *parker);

#endif
