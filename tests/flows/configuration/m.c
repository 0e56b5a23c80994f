#include <hamilton/modifiers.h>

HM_WHEN(region, "us") double price__us(double cost) {
    return cost * 2;
}
HM_WHEN(region, "eu", "uk") double price__eu(double cost) {
    return cost * 3;
}
HM_OTHERWISE double price__else(double cost) {
    return cost;
}
double taxed(double price, HM_DEFAULT(0.5) double rate) {
    return price * (1 + rate);
}
