// choosing.c — config decides which function makes a node, when the graph is built.

#include <math.h>

#include <hamilton/modifiers.h>

// A variant is named as its node, two underscores, and a word of its own.

/** What delivery costs within the country. */
HM_WHEN(region, us)
double delivery__us(double weight) {
    return 4.5 + 0.6 * weight;
}

/** Parcels go by the started kilogram here. */
HM_WHEN(region, de, at, ch)
double delivery__central_europe(double weight) {
    return 3.9 * ceil(weight / 2);
}

/** Wherever there is no tariff of its own. */
HM_OTHERWISE
double delivery__elsewhere(double weight, HM_DEFAULT(2.4) double airmail) {
    return 9 + airmail * weight;
}

// Several conditions must all hold, and HM_NAME names the node outright.

/** Members of the club pay no delivery, except in the weeks of the sale. */
HM_WHEN(customer, member)
HM_WHEN_NOT(season, sale)
HM_NAME(charge)
double charge_of_members(double price) {
    return price;
}

/** What a customer pays. */
HM_OTHERWISE
HM_NAME(charge)
double full_charge(double price, double delivery) {
    return price + delivery;
}

// Others may call it, but it is no node.
HM_EXCLUDE
double to_cents(double amount) {
    return round(amount * 100);
}

/** The charge as the payment provider wants it. */
double cents(double charge) {
    return to_cents(charge);
}
