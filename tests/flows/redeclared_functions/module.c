#include "module.h"

double price(double base);

HM_TAG(owner, growth)
double price(double base) {
    return base * 2;
}

HM_WHEN(region, us)
double tax__us(double price) {
    return price / 10;
}

HM_OTHERWISE
double tax__elsewhere(double price) {
    return price / 5;
}
