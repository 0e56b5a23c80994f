#include <hamilton/modifiers.h>

HM_WHEN(region, us)
double price__us(double base) {
    return base;
}

HM_WHEN_NOT(region, de)
double price__not_de(double base) {
    return base;
}

HM_WHEN(kind, 3, 4)
HM_PARAMETERIZE(rate, HM_VALUE(factor, 2))
double rate__kind(double price, double factor) {
    return price * factor;
}

HM_WHEN(region, us)
HM_NAME(rate)
double us_rate(double price) {
    return price;
}
