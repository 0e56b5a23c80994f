// twice.c — what is refused.
#include <hamilton/modifiers.h>

double a(double x) { return x; }

double f(double x) { return x; }

double g(double x) { return x; }

double h(double x) { return x; }

double i(double x) { return x; }

double j(double x) { return x; }

double k(double x) { return x; }

double l(double x) { return x; }

double m(double x) { return x; }

double n(double x) { return x; }

HM_PARAMETERIZE(twice)
HM_PARAMETERIZE(once)
HM_PARAMETERIZE(twice)
double o(double x) { return x; }

HM_PARAMETERIZE(a)
double p(double x) { return x; }

struct s { double a; double z; };
HM_EXTRACT_FIELDS()
struct s q(double x) { return (struct s){x,x}; }

HM_TAG(z, 1) HM_TAG(z, 2)
void z(double x, double *h, double *out) { *h = *out = x; }
