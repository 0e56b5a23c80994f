// Each node by another modifier. What is edited below makes other versions of the nodes
// that it has a part in, and of no others.

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/modifiers.h>

HM_EXCLUDE double step_in(double x, double by) {
    return x + by;
}

HM_EXCLUDE double step_out(double x) {
    return x * 11;
}

HM_EXCLUDE bool is_sound(double x) {
    return x < 12;
}

HM_EXCLUDE double done(double x) {
    return x + 13;
}

HM_EXCLUDE double joined(double a, double b) {
    return a + b + 14;
}

double plain(double x) {
    return x + 15;
}

HM_INJECT(HM_VALUE(k, 16))
double injected(double x, double k) {
    return x * k;
}

HM_INJECT(HM_GROUP(v, x, 17))
double grouped(size_t n, const double v[n]) {
    return v[n - 1];
}

HM_PARAMETERIZE(first, HM_VALUE(k, 18))
HM_PARAMETERIZE(second, HM_VALUE(k, 19))
double each(double x, double k) {
    return x * k;
}

HM_PARAMETERIZE_FROM_CONFIG(made)
double made_of(double x, double k) {
    return x * k;
}

HM_PIPE_INPUT(x, HM_STEP(step_in, HM_VALUE(by, 20)))
double piped_in(double x) {
    return x;
}

HM_PIPE_OUTPUT(HM_STEP(step_out))
double piped_out(double x) {
    return x;
}

double mutated(double x) {
    return x;
}

HM_MUTATE(mutated, HM_VALUE(by, 21))
static double mutator(double x, double by) {
    return x * by + 22;
}

HM_DOES(done)
double does(double x);

HM_REDUCE(joined)
double reduced(size_t n, const double list[n]) {
    return n > 0 ? list[0] : 0;
}

HM_CHECK_RANGE(0, 23, warn)
double checked(double x) {
    return x;
}

HM_CHECK(is_sound, warn)
double judged(double x) {
    return x;
}

HM_SWITCH(choice, 1, 24)
double switched(int choice, double plain, double checked);

struct pair {
    double low;
    double high;
};

HM_EXTRACT_FIELDS()
struct pair pair(double x) {
    return (struct pair){x, x + 25};
}

HM_SUBDAG("inner.c", HM_VALUE(rate, 26))
double taken(double inner) {
    return inner;
}

HM_WHEN(region, us)
double variant__us(double x) {
    return x + 27;
}

HM_OTHERWISE
double variant__eu(double x) {
    return x + 28;
}

double defaulted(HM_DEFAULT(29) double y) {
    return y;
}
