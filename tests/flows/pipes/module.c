#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/modifiers.h>
#include <hamilton/node.h>

#include "rates.h"

enum direction { UP, DOWN };

struct money {
    double amount;
    int decimals;
};

/** Adds a little. */
HM_TAG(kind, adder)
static double add(double x, HM_DEFAULT(1) double by) {
    return x + by;
}

HM_EXCLUDE double scale(double x, double factor) {
    return x * factor;
}

static int root(double x, double *out) {
    if (x < 0) {
        return hm_fail("%g has no root", x);
    }
    *out = x / 2;
    return 0;
}

static double turn(double x, enum direction direction) {
    return direction == DOWN ? -x : x;
}

static int64_t whole(double x) {
    return (int64_t)x;
}

/** A node that is a step as well. */
double half(double x) {
    return x / 2;
}

static struct money as_money(double amount, int decimals) {
    return (struct money){amount, decimals};
}

static double amount_of(struct money money) {
    return money.amount;
}

static const char *after_colon(const char *text) {
    const char *colon = strchr(text, ':');
    return colon != NULL ? colon + 1 : text;
}

static char *shout(const char *text) {
    size_t length = strlen(text);
    char *loud = malloc(length + 2);
    if (loud != NULL) {
        memcpy(loud, text, length);
        memcpy(loud + length, "!", 2);
    }
    return loud;
}

static double mean(size_t n, const double x[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
    }
    return n > 0 ? sum / (double)n : 0;
}

static void centre(size_t n, const double x[n], double out[n]) {
    double middle = mean(n, x);
    for (size_t i = 0; i < n; i++) {
        out[i] = x[i] - middle;
    }
}

/** What is owed. */
HM_TAG(owner, bank)
HM_PIPE_INPUT(price, HM_STEP(add, HM_VALUE(by, 10)), HM_STEP(scale, HM_SOURCE(factor, tax)))
HM_PIPE_INPUT(count, HM_STEP(whole))
HM_PIPE_OUTPUT(HM_STEP(add, HM_IF(fee, flat)), HM_STEP(scale, HM_VALUE(factor, 1.5), HM_IF(fee, high)),
        HM_STEP(turn, HM_VALUE(direction, DOWN), HM_AS(debit)))
double owed(double price, int64_t count) {
    return price * (double)count;
}

HM_MUTATE(owed, HM_VALUE(by, 0.25))
double rounded(double owed, double by) {
    return owed + by;
}

HM_MUTATE(owed)
HM_MUTATE(rate, HM_IF_NOT(plain, true))
static double doubled(double x) {
    return x * 2;
}

HM_PIPE_OUTPUT(HM_STEP(points), HM_STEP(half))
double rate(double base) {
    return base;
}

HM_PIPE_OUTPUT(HM_STEP(root), HM_STEP(as_money, HM_VALUE(decimals, 2)), HM_STEP(amount_of))
double wealth(double x) {
    return x;
}

HM_PIPE_OUTPUT(HM_STEP(after_colon), HM_STEP(shout))
const char *greeting(const char *name) {
    return name;
}

HM_PIPE_INPUT(x, HM_STEP(centre))
HM_PIPE_OUTPUT(HM_STEP(centre), HM_STEP(mean))
void spread(size_t n, const double x[n], double out[n]) {
    for (size_t i = 0; i < n; i++) {
        out[i] = x[i] * x[i];
    }
}

/** Lengths of words. */
HM_PIPE_OUTPUT(HM_STEP(add))
int evens(double up_to, double **out, size_t *count) {
    *count = (size_t)(up_to / 2);
    *out = malloc(*count * sizeof **out);
    for (size_t i = 0; i < *count && *out != NULL; i++) {
        (*out)[i] = (double)(2 * i);
    }
    return *count > 0 && *out == NULL;
}

struct range {
    double low;
    double high;
};

HM_EXTRACT_FIELDS()
HM_PIPE_OUTPUT(HM_STEP(add, HM_VALUE(by, 100)))
struct range range(double centre_of) {
    return (struct range){centre_of - 1, centre_of + 1};
}

HM_PARAMETERIZE(january, HM_SOURCE(x, sales_january))
HM_PARAMETERIZE(february, HM_SOURCE(x, sales_february))
HM_PIPE_INPUT(x, HM_STEP(add))
HM_PIPE_OUTPUT(HM_STEP(half))
double month(double x) {
    return x * 10;
}

HM_WHEN(region, us) HM_PIPE_OUTPUT(HM_STEP(add, HM_VALUE(by, 5)))
double price_of__us(double cost) {
    return cost;
}

HM_OTHERWISE HM_PIPE_INPUT(cost, HM_STEP(add, HM_VALUE(by, 7)))
double price_of__rest(HM_DEFAULT(3) double cost) {
    return cost;
}
