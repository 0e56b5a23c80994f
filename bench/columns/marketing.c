// marketing.c — see marketing.h.

#include "bench/columns/marketing.h"

#include <math.h>

enum { CHUNK = 16 * 1024 }; // rows

static double three_week_average(const double *spend, size_t i) {
    return i < 2 ? NAN : (spend[i - 2] + spend[i - 1] + spend[i]) / 3;
}

// The functions that read whole columns, as the module has them.

static void avg_3wk_spend(
        size_t weeks, const double *restrict spend, double *restrict out) {
    for (size_t i = 0; i < weeks; i++) {
        out[i] = three_week_average(spend, i);
    }
}

static double spend_mean(size_t weeks, const double *spend) {
    double sum = 0;
    for (size_t i = 0; i < weeks; i++) {
        sum += spend[i];
    }
    return sum / (double)weeks;
}

static double spend_std_dev(size_t weeks, const double *spend_zero_mean) {
    double sum = 0;
    for (size_t i = 0; i < weeks; i++) {
        sum += spend_zero_mean[i] * spend_zero_mean[i];
    }
    return sqrt(sum / (double)(weeks - 1));
}

// Mapped parts, over some rows.

static void divide(const double *restrict a, const double *restrict b,
        double *restrict out, size_t count) {
    for (size_t i = 0; i < count; i++) {
        out[i] = a[i] / b[i];
    }
}

static void subtract(
        const double *restrict a, double b, double *restrict out, size_t count) {
    for (size_t i = 0; i < count; i++) {
        out[i] = a[i] - b;
    }
}

static void divide_by(
        const double *restrict a, double b, double *restrict out, size_t count) {
    for (size_t i = 0; i < count; i++) {
        out[i] = a[i] / b;
    }
}

struct by_hand {
    hm_marketing *marketing;
    hm_cursor per_signup; // which nobody waits for: it fills gaps
    hm_cursor zero_mean;
    hm_cursor unit_variance;
    hm_meeting meetings[3];
};

static bool take_per_signup(struct by_hand *state) {
    const hm_marketing *m = state->marketing;
    size_t begin;
    size_t end;
    if (!hm_cursor_take(&state->per_signup, m->row_count, CHUNK, &begin, &end)) {
        return false;
    }
    divide(m->spend + begin, m->signups + begin, m->spend_per_signup + begin,
            end - begin);
    return true;
}

static void meet(struct by_hand *state, size_t number) {
    hm_meeting *meeting = &state->meetings[number];
    hm_meeting_arrive(meeting);
    while (!hm_meeting_is_complete(meeting)) {
        if (!take_per_signup(state)) {
            hm_crew_pause();
        }
    }
}

static void work_by_hand(void *subject, int member) {
    struct by_hand *state = subject;
    hm_marketing *m = state->marketing;
    size_t begin;
    size_t end;
    if (member == 0) {
        m->spend_mean = spend_mean(m->row_count, m->spend);
    } else {
        avg_3wk_spend(m->row_count, m->spend, m->avg_3wk_spend);
    }
    meet(state, 0);
    while (hm_cursor_take(&state->zero_mean, m->row_count, CHUNK, &begin, &end)) {
        subtract(m->spend + begin, m->spend_mean, m->spend_zero_mean + begin,
                end - begin);
    }
    meet(state, 1);
    if (member == 0) {
        m->spend_std_dev = spend_std_dev(m->row_count, m->spend_zero_mean);
    }
    meet(state, 2);
    while (hm_cursor_take(&state->unit_variance, m->row_count, CHUNK, &begin, &end)) {
        divide_by(m->spend_zero_mean + begin, m->spend_std_dev,
                m->spend_zero_mean_unit_variance + begin, end - begin);
    }
    while (take_per_signup(state)) {
    }
}

void hm_marketing_by_hand(hm_crew *crew, hm_marketing *marketing) {
    struct by_hand state = {.marketing = marketing};
    hm_crew_run(crew, work_by_hand, &state);
}

enum { LANES = 16, PARTS = 256 };

// Of d, the distance of spend from the first row's.
struct sums {
    double d;
    double square;
};

struct reassociated {
    hm_marketing *marketing;
    size_t part_length; // rows of each part but the last
    hm_cursor summed;
    hm_cursor written;
    hm_meeting meeting;
    struct sums sums[PARTS];
};

static struct sums add_up(const double *spend, double first, size_t count) {
    double d[LANES] = {0};
    double square[LANES] = {0};
    struct sums sums = {0};
    size_t row = 0;
    for (; row + LANES <= count; row += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            double distance = spend[row + lane] - first;
            d[lane] += distance;
            square[lane] += distance * distance;
        }
    }
    for (; row < count; row++) {
        sums.d += spend[row] - first;
        sums.square += (spend[row] - first) * (spend[row] - first);
    }
    for (size_t lane = 0; lane < LANES; lane++) {
        sums.d += d[lane];
        sums.square += square[lane];
    }
    return sums;
}

static void conclude(struct reassociated *state, double *mean, double *deviation) {
    const hm_marketing *m = state->marketing;
    double count = (double)m->row_count;
    struct sums all = {0};
    for (size_t part = 0; part < PARTS; part++) {
        all.d += state->sums[part].d;
        all.square += state->sums[part].square;
    }
    *mean = m->spend[0] + all.d / count;
    *deviation = sqrt((all.square - all.d * (all.d / count)) / (count - 1));
}

static void write_all(const hm_marketing *m, double mean, double deviation,
        size_t begin, size_t end) {
    const double *restrict spend = m->spend;
    const double *restrict signups = m->signups;
    double *restrict average = m->avg_3wk_spend;
    double *restrict per_signup = m->spend_per_signup;
    double *restrict zero_mean = m->spend_zero_mean;
    double *restrict unit = m->spend_zero_mean_unit_variance;
    size_t late = begin < 2 ? 2 : begin;
    for (size_t i = begin; i < late && i < end; i++) {
        average[i] = NAN;
    }
    for (size_t i = late; i < end; i++) {
        average[i] = (spend[i - 2] + spend[i - 1] + spend[i]) / 3;
    }
    for (size_t i = begin; i < end; i++) {
        double distance = spend[i] - mean;
        per_signup[i] = spend[i] / signups[i];
        zero_mean[i] = distance;
        unit[i] = distance / deviation;
    }
}

static void work_reassociated(void *subject, int member) {
    enum { NEAR = 1024 }; // rows that are in a near cache for the second loop
    struct reassociated *state = subject;
    hm_marketing *m = state->marketing;
    size_t begin;
    size_t end;
    while (hm_cursor_take(
            &state->summed, m->row_count, state->part_length, &begin, &end)) {
        state->sums[begin / state->part_length] =
                add_up(m->spend + begin, m->spend[0], end - begin);
    }
    hm_meeting_arrive(&state->meeting);
    while (!hm_meeting_is_complete(&state->meeting)) {
        hm_crew_pause();
    }
    double mean;
    double deviation;
    conclude(state, &mean, &deviation);
    while (hm_cursor_take(&state->written, m->row_count, CHUNK, &begin, &end)) {
        for (size_t row = begin; row < end; row += NEAR) {
            write_all(m, mean, deviation, row, end - row < NEAR ? end : row + NEAR);
        }
    }
    if (member == 0) {
        m->spend_mean = mean;
        m->spend_std_dev = deviation;
    }
}

void hm_marketing_reassociated(hm_crew *crew, hm_marketing *marketing) {
    struct reassociated state = {
            .marketing = marketing, .part_length = marketing->row_count / PARTS + 1};
    hm_crew_run(crew, work_reassociated, &state);
}
