// Steps before and behind functions: readings of thermometers become temperatures of
// rooms.

#include <stddef.h>

#include <hamilton/modifiers.h>

/** Not below one limit, and not above the other. */
static double clip(double x, double low, double high) {
    return x < low ? low : x > high ? high : x;
}

static double scale(double x, double factor) {
    return x * factor;
}

static double shift(double x, double by) {
    return x + by;
}

/** The value before and this one, half of each. */
static void smooth(size_t n, const double x[n], double out[n]) {
    for (size_t i = 0; i < n; i++) {
        out[i] = i > 0 ? (x[i - 1] + x[i]) / 2 : x[i];
    }
}

static double mean(size_t n, const double x[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
    }
    return n > 0 ? sum / (double)n : 0;
}

/** Temperature by what its sensor says, in volts. */
HM_PARAMETERIZE(hall, HM_SOURCE(volts, hall_volts))
HM_PARAMETERIZE(study, HM_SOURCE(volts, study_volts))
HM_PIPE_INPUT(volts, HM_STEP(clip, HM_VALUE(low, 0), HM_VALUE(high, 5)))
HM_PIPE_OUTPUT(HM_STEP(scale, HM_VALUE(factor, 1.8), HM_IF(unit, fahrenheit)),
        HM_STEP(shift, HM_VALUE(by, 32), HM_IF(unit, fahrenheit)))
double temperature(double volts, HM_DEFAULT(-10) double zero) {
    return volts * 20 + zero;
}

/** Temperature of the house, at each hour. */
HM_DOES(mean, HM_GROUP(x, hall, study, cellar))
double house(double hall, double study, double cellar);

/** The same without what single readings do to it. */
HM_PIPE_OUTPUT(HM_STEP(smooth))
double steady(double house) {
    return house;
}

/** Behind all that: half a degree that the sensors are off. */
HM_MUTATE(steady, HM_VALUE(error, 0.5), HM_IF_NOT(sensors, new))
static double corrected(double steady, double error) {
    return steady - error;
}

/** Mean of the day. */
HM_DOES(mean, HM_SOURCE(x, steady))
double day(size_t hours, const double steady[hours]);
