#include <hamilton/modifiers.h>

HM_TAG(remote, true)
double rate(double base) {
    return 2 * base;
}

double price(double rate, double amount) {
    return rate * amount;
}

HM_SWITCH(which)
double chosen(const char *which, double rate, double price);
