// switching.c — a value decides which node another one takes, when the graph runs.

#include <stdbool.h>
#include <stdint.h>

#include <hamilton/modifiers.h>
#include <hamilton/node.h>

/** What the applicant earns and owes. */
double burden(double income, double debts) {
    return debts / income;
}

/** Good enough for small sums. */
double by_rules(double burden) {
    return burden < 0.4 ? 0.02 : 0.2;
}

/** The model, which takes long. */
double by_model(double burden, double age) {
    return 0.01 + burden * burden / (1 + age / 50);
}

/** Asked for money at an office that is closed on Sundays. */
int by_office(double burden, bool is_open, double *out) {
    if (!is_open) {
        return hm_fail("the office is closed");
    }
    *out = burden / 2;
    return 0;
}

// A prototype, and no body: the node takes what `assessor` names.

/** How likely it is that the applicant does not pay. */
HM_SWITCH(assessor)
double risk(const char *assessor, double by_rules, double by_model, double by_office);

// What chooses may be computed. Branches are numbered from 0, or named by their values.

/** Which bracket the sum is in. */
int64_t bracket(double amount) {
    return amount < 1000 ? 0 : amount < 50000 ? 10 : 20;
}

/** The rate of interest of the sum's bracket. */
HM_SWITCH(bracket, 0, 10, 20)
double rate(int64_t bracket, HM_DEFAULT(0.09) double small,
        HM_DEFAULT(0.06) double usual, HM_DEFAULT(0.04) double large);

/** What to ask for the money. */
double price(double amount, double rate, double risk) {
    return amount * (rate + risk);
}
