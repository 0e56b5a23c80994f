// wrong.c — what is refused.
#include <hamilton/modifiers.h>

double a(double x) { return x; }

double f(double x) { return x; }

HM_INJECT(HM_SORCE(x, y))
double g(double x) { return x; }

HM_TAG(owner)
double h(double x) { return x; }

HM_INJECT(HM_SOURCE(x))
double i(double x) { return x; }

HM_WHEN(region)
double j(double x) { return x; }

double k(double x) { return x; }

