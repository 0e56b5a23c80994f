#include <hamilton/modifiers.h>

HM_TAG_OUTPUT(means, unit, m)
HM_TAG_OUTPUT(sd, unit, m)
HM_TAG_OUTPUT(sd, unit, km)
HM_TAG_OUTPUT(sd, limit, disk)
void both(double x, double *mean, double *sd) {
    *mean = *sd = x;
}

HM_PARAMETERIZE(a, HM_VALUE(x, 1))
HM_TAG_OUTPUT(f, unit, m)
double f(double x) {
    return x;
}

HM_OTHERWISE
HM_TAG_OUTPUT(g__other, unit, m)
double g__other(double x) {
    return x;
}

HM_TAG_OUTPUT(h, unit)
HM_TAG_OUTPUT(3, unit, m)
HM_TAG_OUTPUT(h, "", m)
HM_TAG("", m)
double h(double x) {
    return x;
}
