// Variants of which config chooses none.

#include <hamilton/modifiers.h>

HM_WHEN(region, us)
HM_WHEN(kind, "retail", 2)
double price__us(double base) {
    return base;
}

HM_WHEN(region, de)
double price__de(double base) {
    return 2 * base;
}

HM_WHEN_NOT(region, de, us)
HM_WHEN(kind, other)
HM_NAME(price)
double price_elsewhere(double base) {
    return 3 * base;
}

double total(double price, double base) {
    return price + base;
}

double guess(HM_DEFAULT(5) double price) {
    return price;
}

HM_WHEN(region, de)
HM_PARAMETERIZE(low, HM_VALUE(factor, 0.5))
HM_PARAMETERIZE(high, HM_VALUE(factor, 2))
double bound__de(double base, double factor) {
    return base * factor;
}

struct tax {
    double rate;
};

HM_WHEN(region, us)
HM_EXTRACT_FIELDS(rate)
struct tax tax__us(double base, double *exact) {
    *exact = base;
    return (struct tax){base};
}

double paid(double rate, double high, double exact) {
    return rate + high + exact;
}
