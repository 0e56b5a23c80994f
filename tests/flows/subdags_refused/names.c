// What the graph alone can know.

#include <hamilton/modifiers.h>

HM_SUBDAG("innre.c")
double a(double cost) {
    return cost;
}

HM_SUBDAG("inner.c", HM_VALUE(rte, 2))
double b(double cost) {
    return cost;
}

HM_SUBDAG("inner.c", HM_SOURCE(cost, x))
double c(double cost) {
    return cost;
}

HM_SUBDAG("inner.c", HM_VALUE(base, "much"))
double d(double cost) {
    return cost;
}

HM_SUBDAG("inner.c", HM_CONFIG(region, us))
double e(double cost) {
    return cost;
}
