// What a source alone can be told.

#include <hamilton/modifiers.h>

HM_SUBDAG(inner)
double a(double cost) {
    return cost;
}

HM_SUBDAG("inner.c", base, HM_VALUE(rate), HM_SOURCE(base, 3), HM_GROUP(base, 1, 2))
double b(double cost) {
    return cost;
}

HM_SUBDAG("inner.c", HM_VALUE(base, 1), HM_SOURCE(base, x), HM_CONFIG(base, 2))
double c(double cost) {
    return cost;
}

HM_SUBDAG("inner.c", HM_EXTERNAL(fcator))
double d(double cost, double factor) {
    return cost * factor;
}

HM_SUBDAG("inner.c")
HM_PARAMETERIZE(e1, HM_VALUE(cost, 1))
double e(double cost) {
    return cost;
}

HM_SUBDAG("inner.c")
HM_SUBDAG_AS(f1, "inner.c")
double f(double cost) {
    return cost;
}

HM_SUBDAG_AS(g-1, "inner.c")
HM_SUBDAG_AS(g2, "inner.c")
void g(double cost, double *first, double *second) {
    *first = *second = cost;
}

HM_SUBDAG("inner.c")
HM_SUBDAG("other.c")
double h(double cost) {
    return cost;
}

double i(HM_SUBDAG("inner.c") double cost) {
    return cost;
}

HM_SUBDAG()
double j(double cost) {
    return cost;
}
