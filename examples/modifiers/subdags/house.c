// A house is bought with two loans, and one is compared with what the neighbour pays.

#include <hamilton/modifiers.h>

double price_of_money(double market, double margin) {
    return market + margin;
}

/** The bank's. */
HM_SUBDAG("loan.c", HM_SOURCE(yearly, price_of_money), HM_VALUE(months, 120),
        HM_CONFIG(charges, once), HM_VALUE(fee, 0.01), HM_SOURCE(amount, half))
double bank(double total) {
    return total;
}

/** The aunt's, who wants a present besides. */
HM_SUBDAG("loan.c", HM_VALUE(yearly, 0.012), HM_VALUE(months, 120),
        HM_SOURCE(amount, half), HM_EXTERNAL(present))
double aunt(double total, double present) {
    return total + present;
}

double half(double price) {
    return price / 2;
}

double house(double bank, double aunt) {
    return bank + aunt;
}

/** What is paid each month at {yearly} a year. */
HM_SUBDAG_AS(cheap, "loan.c", HM_VALUE(yearly, 0.01), HM_SOURCE(amount, price))
HM_SUBDAG_AS(dear, "loan.c", HM_VALUE(yearly, 0.06), HM_SOURCE(amount, price))
double offer(double payment) {
    return payment;
}

/** Of both loans, out of the middle of their graphs. */
HM_INJECT(HM_SOURCE(first, "bank.payment"), HM_SOURCE(second, "aunt.payment"))
double each_month(double first, double second) {
    return first + second;
}
