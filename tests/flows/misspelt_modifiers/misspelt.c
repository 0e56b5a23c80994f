// misspelt.c — what is refused.
#include <hamilton/modifiers.h>

HM_TGA(owner, "x")
double a(double x) { return x; }

HM_PARAMETRIZE(b, HM_VALUE(x, 1))
double f(double x) { return x; }

HM_INJECT(HM_SORCE(x, y))
double g(double x) { return x; }

HM_TAG(owner)
double h(double x) { return x; }

HM_INJECT(HM_SOURCE(x))
double i(double x) { return x; }

HM_WHEN(region)
double j(double x) { return x; }

HM_INJECT
double k(double x) { return x; }

HM_OTHERWISE(3)
double l(double x) { return x; }

HM_PIPE_OUTPUT(HM_STP(k))
double m(double x) { return x; }

HM_CHECK_RNGE(0, 1, fail)
double n(double x) { return x; }

HM_PARAMETERIZE(twice)
HM_PARAMETERIZE(once)
HM_PARAMETERIZE(twice)
double o(double x) { return x; }

HM_PARAMETERIZE(a)
double p(double x) { return x; }

