#include <hamilton/modifiers.h>

HM_WHEN(region, us)
double price__us(double base) {
    return base;
}

HM_WHEN_NOT(region, de)
double price__not_de(double base) {
    return base;
}
