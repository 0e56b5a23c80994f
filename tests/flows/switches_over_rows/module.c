// Switches over rows: what chooses is a column, a branch is, or both; some are missing.

#include <hamilton/modifiers.h>
#include <hamilton/node.h>
#include <stddef.h>
#include <stdint.h>

double basic(double amount) {
    return amount;
}

double premium(double amount, double discount) {
    return amount * (1 - discount);
}

HM_SWITCH(tier)
double price(const char *tier, double basic, double premium);

double price_total(size_t n, const double price[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += price[i];
    }
    return sum;
}

HM_SWITCH(which)
int64_t count(int64_t which, int64_t sold, int64_t rented, HM_DEFAULT(7) int64_t else_);

int64_t doubled(int64_t count) {
    return 2 * count;
}

HM_SWITCH(which)
const char *label(int64_t which, const char *first, const char *second);

// One value chooses, and a branch is one value: all is computed.
HM_SWITCH(model)
double score(const char *model, double amount, double price_total);

// Arrays of arrays.
HM_SWITCH(which)
double nested(int64_t which, double left, double right);
