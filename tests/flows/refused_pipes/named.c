#include <hamilton/modifiers.h>
#include "a.h"
static double add(double x, HM_DEFAULT(2) double by) { return x + by; }
HM_EXCLUDE int times(long x, double *out);
inline double inl(double x) { return x; }
static void nothing(double x) { (void)x; }
HM_WHEN(a, b) static double wh(double x) { return x; }
HM_TAG(a, b) static double tagged(double x) { return x; }
HM_TAG(a, b) static double untagged(HM_DEFAULT(2) double x) { return x; }
HM_PIPE_OUTPUT(HM_STEP(ad), HM_STEP(halt), HM_STEP(zzzzzzz), HM_STEP(times), HM_STEP(inl), HM_STEP(nothing), HM_STEP(wh), HM_STEP(tagged))
double f(double x) { return x; }
double g(double f) { return f; }
