#include <hamilton/modifiers.h>

HM_CACHE(sometimes)
double y(double x) {
    return 2 * x;
}

HM_CACHE(recompute) HM_CACHE(disable)
double z(double x) {
    return 2 * x;
}
