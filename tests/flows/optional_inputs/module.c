// HM_DEFAULT: the value used when neither a node nor an input supplies it.

#include <stdbool.h>
#include <string.h>

#include <hamilton/modifiers.h>

#define ALPHA 0.25

enum mode { OFF, ON };

double smooth(double x, HM_DEFAULT(ALPHA) double alpha) {
    return x * alpha;
}

double shifted(double x, HM_DEFAULT(-3) int shift) {
    return x + shift;
}

bool enabled(HM_DEFAULT(true) bool on, HM_DEFAULT(ON) enum mode mode) {
    return on && mode == ON;
}

const char *label(HM_DEFAULT("none, yet") const char *text) {
    return text;
}

/** The node supplies it. */
double scale(double base) {
    return base * 10;
}

double scaled(double x, HM_DEFAULT(1) double scale) {
    return x * scale;
}

double beyond_integers(HM_DEFAULT(123456789012345678901234567890) double huge) {
    return huge;
}
