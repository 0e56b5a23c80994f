// time_scale.c — see time_scale.h. Of two units one is a multiple of the other.

#include "base/time_scale.h"

static int64_t nanoseconds(hm_time_unit unit) {
    switch (unit) {
    case HM_TIME_DAY:
        return INT64_C(86400000000000);
    case HM_TIME_S:
        return 1000000000;
    case HM_TIME_MS:
        return 1000000;
    case HM_TIME_US:
        return 1000;
    default:
        return 1;
    }
}

static size_t multiply(int64_t factor, int64_t *times, size_t count) {
    for (size_t i = 0; i < count; i++) {
        int64_t product;
        if (__builtin_mul_overflow(times[i], factor, &product)) {
            return i;
        }
        times[i] = product;
    }
    return count;
}

static size_t divide(int64_t divisor, int64_t *times, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (times[i] % divisor != 0) {
            return i;
        }
        times[i] /= divisor;
    }
    return count;
}

size_t hm_time_scale(hm_time_unit from, hm_time_unit to, int64_t *times, size_t count) {
    int64_t have = nanoseconds(from);
    int64_t want = nanoseconds(to);
    return have == want  ? count
           : have > want ? multiply(have / want, times, count)
                         : divide(want / have, times, count);
}

const char *hm_time_scale_complaint(hm_time_unit from, hm_time_unit to) {
    return nanoseconds(from) < nanoseconds(to) ? "is finer than" : "does not fit";
}
