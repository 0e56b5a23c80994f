#include <stddef.h>

#include <hamilton/modifiers.h>

static double sum(size_t n, const double x[n]) { return n > 0 ? x[0] : 0; }
static double add(double a, double b) { return a + b; }
static int status(double a, double *out) { *out = a; return 0; }
static double both(size_t n, const double a[n], const double b[n]) { return n > 0 ? a[0] + b[0] : 0; }
double declared(double x);

HM_DOES(add)
double has_a_body(double a, double b) { return a + b; }

HM_DOES(ad)
double misspelt(double a, double b);

HM_DOES(declared)
double only_declared(double x);

HM_DOES(add)
double too_few(double a);

HM_DOES(add)
double too_many(double a, double b, double c);

HM_DOES(add, HM_SOURCE(aa, b))
double unknown_parameter(double a, double b);

HM_DOES(add, HM_SOURCE(a, z))
double unknown_own(double a, double b);

HM_DOES(add, HM_VALUE(a, "x"))
double no_literal(double b);

HM_DOES(add, HM_SOURCE(a, b), HM_SOURCE(a, b))
double bound_twice(double b);

HM_DOES(add)
double other_type(double a, int b);

HM_DOES(add)
int other_result(double a, double b);

HM_DOES(status)
double no_status(double a);

HM_DOES(sum, HM_GROUP(x, a, b))
double members_of_another_type(double a, int b);

HM_DOES(sum, HM_GROUP(x, a, y))
double unknown_member(double a);

HM_DOES(sum)
double one_for_an_array(double x);

HM_DOES(both)
double two_lengths(size_t n, const double a[n], size_t m, const double b[m]);

HM_DOES(add) HM_SWITCH(a)
double two_makers(int a, double b, double c);

HM_DOES(add) static double is_static(double a, double b);

HM_DOES()
double nothing(double a);

HM_DOES(add, b)
double no_binding(double a, double b);
