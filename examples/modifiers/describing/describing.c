// describing.c — what is known of nodes beside how they are computed: for people, and
// for queries by driver and command line.

#include <stddef.h>
#include <stdint.h>

#include <hamilton/modifiers.h>

struct customer {
    int64_t id;
    const char *country;
    double spent;
};

/** Who bought, as the shop knows them. */
HM_TAG(owner, "sales")
HM_TAG(pii, true)
struct customer customer(int64_t id, const char *country, double spent) {
    return (struct customer){id, country, spent};
}

/** What the customer is told, and how urgent that is from 1 to 3. */
HM_TAG(owner, "marketing")
HM_TAG_OUTPUT(urgency, unit, grade)
HM_TAG_OUTPUT(letter, channels, mail, "web shop")
HM_TAG_OUTPUT(letter, owner, "public relations")
void message(struct customer customer, const char **letter, int *urgency) {
    *letter = customer.spent > 0 ? "thanks" : "hello";
    *urgency = customer.spent > 0 ? 1 : 2;
}

/** When the offer to this customer ends. */
HM_TAG(owner, "marketing")
HM_TIME(day)
int64_t offer_ends(HM_TIME(day) int64_t today, HM_DEFAULT(14) int days) {
    return today + days;
}

/** Discount that the customer is offered. */
HM_TAG(owner, "marketing")
HM_TAG(channels, mail, "web shop")
double discount(struct customer customer, HM_DEFAULT(1000) double threshold) {
    return customer.spent >= threshold ? 0.1 : 0.02;
}
