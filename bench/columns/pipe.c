// pipe.c — five cheap steps on a column: as a pipe, and as functions that are written
// one after the other.

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

double shifted(double squared) {
    return shift(squared, 0.25);
}

double scaled(double shifted) {
    return scale(shifted, 3);
}

double clipped(double scaled) {
    return clip(scaled, 1, 3);
}

double shifted_back(double clipped) {
    return shift(clipped, -1);
}

double chained(double shifted_back) {
    return scale(shifted_back, 0.5);
}
