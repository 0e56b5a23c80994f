// marketing_reduced.c — examples/marketing with a mean and a deviation that are
// computed chunk by chunk, in one pass over spend.

#include <math.h>
#include <stddef.h>

#include <hamilton/modifiers.h>

enum { LANES = 16 };

struct moments {
    double count;
    double mean;
    double squares; // of the distances from the mean
};

void avg_3wk_spend(size_t weeks, const double spend[weeks], double out[weeks]) {
    for (size_t i = 0; i < weeks; i++) {
        out[i] = i < 2 ? NAN : (spend[i - 2] + spend[i - 1] + spend[i]) / 3;
    }
}

double spend_per_signup(double spend, double signups) {
    return spend / signups;
}

static struct moments merge(struct moments a, struct moments b) {
    double count = a.count + b.count;
    double distance = b.mean - a.mean;
    return (struct moments){
            .count = count,
            .mean = a.mean + distance * (b.count / count),
            .squares = a.squares + b.squares +
                       distance * distance * (a.count * b.count / count),
    };
}

/** Of the distances from the first row's, in lanes that do not wait for each other. */
HM_REDUCE(merge)
struct moments spend_moments(size_t weeks, const double spend[weeks]) {
    double first = weeks > 0 ? spend[0] : 0;
    double sums[LANES] = {0};
    double squares[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= weeks; i += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            double distance = spend[i + lane] - first;
            sums[lane] += distance;
            squares[lane] += distance * distance;
        }
    }
    for (; i < weeks; i++) {
        double distance = spend[i] - first;
        sums[0] += distance;
        squares[0] += distance * distance;
    }
    for (size_t lane = 1; lane < LANES; lane++) {
        sums[0] += sums[lane];
        squares[0] += squares[lane];
    }
    double count = (double)weeks;
    return (struct moments){
            .count = count,
            .mean = first + sums[0] / count,
            .squares = squares[0] - sums[0] * (sums[0] / count),
    };
}

double spend_mean(struct moments spend_moments) {
    return spend_moments.mean;
}

double spend_zero_mean(double spend, double spend_mean) {
    return spend - spend_mean;
}

double spend_std_dev(struct moments spend_moments) {
    return sqrt(spend_moments.squares / (spend_moments.count - 1));
}

double spend_zero_mean_unit_variance(double spend_zero_mean, double spend_std_dev) {
    return spend_zero_mean / spend_std_dev;
}
