// A node may have variants; config chooses when the graph is built.

#include <hamilton/modifiers.h>

HM_WHEN(region, us, "ca")
double price__north(double base, double us_tax) {
    return base + us_tax;
}

HM_WHEN(region, de)
double price__de(double base, double vat) {
    return base * (1 + vat);
}

HM_OTHERWISE
double price__elsewhere(double base) {
    return base;
}

/** Both conditions must hold. */
HM_WHEN(region, de)
HM_WHEN_NOT(customer, business)
HM_NAME(label)
const char *consumer_label(const char *name) {
    return name;
}

HM_WHEN_NOT(region, de)
const char *label__rest(const char *name) {
    return name + 1;
}

HM_WHEN(level, 2)
HM_NAME(level_name)
const char *two(const char *name) {
    (void)name;
    return "two";
}

HM_WHEN(level, true)
HM_NAME(level_name)
const char *yes(const char *name) {
    (void)name;
    return "yes";
}
