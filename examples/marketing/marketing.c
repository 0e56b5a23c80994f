// marketing.c — what advertising costs and brings, week by week.

#include <math.h>
#include <stddef.h>

/** Rolling three week average of spend; unknown for the first two weeks. */
void avg_3wk_spend(size_t weeks, const double spend[weeks], double out[weeks]) {
    for (size_t i = 0; i < weeks; i++) {
        out[i] = i < 2 ? NAN : (spend[i - 2] + spend[i - 1] + spend[i]) / 3;
    }
}

/** What one signup cost. */
double spend_per_signup(double spend, double signups) {
    return spend / signups;
}

/** Mean spend of a week. */
double spend_mean(size_t weeks, const double spend[weeks]) {
    double sum = 0;
    for (size_t i = 0; i < weeks; i++) {
        sum += spend[i];
    }
    return sum / (double)weeks;
}

/** Spend, centred. */
double spend_zero_mean(double spend, double spend_mean) {
    return spend - spend_mean;
}

/** Sample standard deviation of spend. */
double spend_std_dev(size_t weeks, const double spend_zero_mean[weeks]) {
    double sum = 0;
    for (size_t i = 0; i < weeks; i++) {
        sum += spend_zero_mean[i] * spend_zero_mean[i];
    }
    return sqrt(sum / (double)(weeks - 1));
}

/** Spend with mean zero and variance one. */
double spend_zero_mean_unit_variance(double spend_zero_mean, double spend_std_dev) {
    return spend_zero_mean / spend_std_dev;
}
