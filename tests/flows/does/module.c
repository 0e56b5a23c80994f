#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <hamilton/modifiers.h>
#include <hamilton/node.h>

enum mode { PLAIN, ROUNDED };

struct point {
    double x;
    double y;
};

static double sum(size_t n, const double x[n]) {
    double total = 0;
    for (size_t i = 0; i < n; i++) {
        total += x[i];
    }
    return total;
}

HM_EXCLUDE double weighted(double value, HM_DEFAULT(2) double weight, enum mode mode) {
    double product = value * weight;
    return mode == ROUNDED ? (double)(int64_t)product : product;
}

static int divide(double top, double bottom, double *out) {
    if (bottom == 0) {
        return hm_fail("nothing to divide %g by", top);
    }
    *out = top / bottom;
    return 0;
}

static void split(double x, double *low, double *high) {
    *low = x - 1;
    *high = x + 1;
}

static const char *longest(size_t n, const char *const words[n]) {
    const char *found = words[0];
    for (size_t i = 1; i < n; i++) {
        found = strlen(words[i]) > strlen(found) ? words[i] : found;
    }
    return found;
}

static void running(size_t n, const double x[n], double out[n]) {
    double total = 0;
    for (size_t i = 0; i < n; i++) {
        total += x[i];
        out[i] = total;
    }
}

static double length_of(const struct point *point) {
    return point->x + point->y;
}

static double twice(double x) {
    return x * 2;
}

/** All costs. */
HM_TAG(owner, finance)
HM_DOES(sum, HM_GROUP(x, rent, wages, 10, energy))
double costs(double rent, double wages, double energy);

/** What the columns make together. */
HM_DOES(sum, HM_SOURCE(x, sales))
double all_sales(size_t days, const double sales[days]);

HM_DOES(weighted, HM_SOURCE(value, amount), HM_VALUE(mode, ROUNDED))
double doubled(double amount);

HM_DOES(weighted, HM_SOURCE(value, amount), HM_VALUE(mode, 0))
double by_weight(double amount, double weight);

HM_DOES(divide, HM_SOURCE(top, costs), HM_SOURCE(bottom, heads))
int per_head(double costs, double heads, double *out);

HM_DOES(split)
void bounds(double x, double *low, double *high);

HM_DOES(longest, HM_GROUP(words, first, "seven", second))
const char *word(const char *first, const char *second);

HM_DOES(running, HM_SOURCE(x, sales))
void so_far(size_t n, const double sales[n], double out[n]);

struct point origin(double x) {
    return (struct point){x, 1};
}

HM_DOES(length_of, HM_SOURCE(point, origin))
double distance(const struct point *origin);

HM_WHEN(region, us) HM_DOES(twice) HM_PIPE_OUTPUT(HM_STEP(twice))
double price__us(double x);

HM_OTHERWISE HM_DOES(twice)
double price__rest(double x);

HM_PARAMETERIZE(small, HM_VALUE(amount, 1))
HM_PARAMETERIZE(large, HM_SOURCE(amount, costs))
HM_PIPE_INPUT(weight, HM_STEP(twice))
HM_DOES(weighted, HM_SOURCE(value, amount), HM_VALUE(mode, PLAIN))
double scaled(double amount, HM_DEFAULT(3) double weight);
