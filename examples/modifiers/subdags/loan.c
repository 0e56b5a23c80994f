// A loan that is paid back at equal rates: for whoever knows what it costs.

#include <math.h>

#include <hamilton/modifiers.h>

/** Interest for a month. */
double monthly(double yearly) {
    return yearly / 12;
}

/** What is paid each month. */
double payment(double amount, double monthly, double months) {
    return amount * monthly / (1 - pow(1 + monthly, -months));
}

HM_WHEN(charges, once)
double fees__once(double amount, double fee) {
    return amount * fee;
}

HM_OTHERWISE
double fees__none(void) {
    return 0;
}

/** All that is paid. */
double total(double payment, double months, double fees) {
    return payment * months + fees;
}
