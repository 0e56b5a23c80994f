// Everything for one region; lib/pricing.c is seen from here.

#include <hamilton/modifiers.h>

HM_SUBDAG("pricing.c", HM_SOURCE(each, price))
double paid(double net, double surcharge) {
    return net + surcharge;
}

double price(double list_price, double factor) {
    return list_price * factor;
}
