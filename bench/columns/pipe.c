// pipe.c — five cheap steps on a column: as a pipe, as functions that are written one
// after the other, and as such that have their constants in them.

#include <hamilton/modifiers.h>

static double shift(double x, double by) {
    return x + by;
}

static double scale(double x, double factor) {
    return x * factor;
}

static double clip(double x, double low, double high) {
    return x < low ? low : x > high ? high : x;
}

HM_PIPE_OUTPUT(HM_STEP(shift, HM_VALUE(by, 0.25)), HM_STEP(scale, HM_VALUE(factor, 3)),
        HM_STEP(clip, HM_VALUE(low, 1), HM_VALUE(high, 3)),
        HM_STEP(shift, HM_VALUE(by, -1)), HM_STEP(scale, HM_VALUE(factor, 0.5)))
double piped(double x) {
    return x * x;
}

double squared(double x) {
    return x * x;
}

HM_INJECT(HM_SOURCE(x, squared), HM_VALUE(by, 0.25))
double shifted(double x, double by) {
    return shift(x, by);
}

HM_INJECT(HM_SOURCE(x, shifted), HM_VALUE(factor, 3))
double scaled(double x, double factor) {
    return scale(x, factor);
}

HM_INJECT(HM_SOURCE(x, scaled), HM_VALUE(low, 1), HM_VALUE(high, 3))
double clipped(double x, double low, double high) {
    return clip(x, low, high);
}

HM_INJECT(HM_SOURCE(x, clipped), HM_VALUE(by, -1))
double shifted_back(double x, double by) {
    return shift(x, by);
}

HM_INJECT(HM_SOURCE(x, shifted_back), HM_VALUE(factor, 0.5))
double chained(double x, double factor) {
    return scale(x, factor);
}

// The same without parameters for what is constant.
double plus_quarter(double squared) {
    return shift(squared, 0.25);
}

double times_three(double plus_quarter) {
    return scale(plus_quarter, 3);
}

double from_one_to_three(double times_three) {
    return clip(times_three, 1, 3);
}

double minus_one(double from_one_to_three) {
    return shift(from_one_to_three, -1);
}

double folded(double minus_one) {
    return scale(minus_one, 0.5);
}
