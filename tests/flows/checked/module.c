// Checks of one value and of columns.

#include <hamilton/check.h>
#include <hamilton/modifiers.h>
#include <stddef.h>
#include <stdint.h>

#define HIGHEST 1e3

/** What a visitor spends. */
HM_CHECK_RANGE(0, HIGHEST, fail)
HM_CHECK_FINITE(fail)
HM_CHECK_MEAN_IN_RANGE(1, 10, warn)
HM_CHECK_RANGE(1, 100, warn)
double spend(double paid, double visitors) {
    return paid / visitors;
}

double doubled(double spend) {
    return 2 * spend;
}

double spend_total(size_t n, const double spend[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += spend[i];
    }
    return sum;
}

/** Of what a check found. */
long long how_many(struct hm_check_result spend_range_1) {
    return spend_range_1.failing;
}

HM_CHECK_CONTAINS("@", fail)
HM_CHECK_VALUES_IN("a@b", "no \"mail\"", warn)
const char *mail(const char *address) {
    return address;
}

enum colour { RED = 1, GREEN, BLUE };

HM_CHECK_VALUES_IN(RED, 2, fail)
enum colour colour(int code) {
    return (enum colour)code;
}

HM_TIME(day)
HM_CHECK_RANGE("2024-01-01", "2024-12-31", fail)
int64_t day(HM_TIME(day) int64_t date) {
    return date;
}

HM_CHECK_RANGE(1, 18446744073709551615u, fail)
uint64_t large(uint64_t x) {
    return x;
}

HM_CHECK_MAX_NAN_FRACTION(0.25, fail)
HM_CHECK_VALUES_IN(true, warn)
_Bool known(_Bool is_known) {
    return is_known;
}

HM_CHECK_MAX_STD_DEV(1.5, fail)
HM_CHECK_MAX_NAN_FRACTION(0, warn)
float steady(float y) {
    return y;
}

// A whole array, and another output beside.
HM_CHECK_MEAN_IN_RANGE(-0.5, 0.5, fail)
void centred(size_t n, const double z[n], double out[n], double *z_mean) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += z[i];
    }
    *z_mean = n > 0 ? sum / (double)n : 0;
    for (size_t i = 0; i < n; i++) {
        out[i] = z[i] - *z_mean;
    }
}

HM_PARAMETERIZE(low_rate, HM_VALUE(factor, 0.1))
HM_PARAMETERIZE(high_rate, HM_VALUE(factor, 10))
HM_CHECK_RANGE(0, 1, fail)
double rate(double base, double factor) {
    return base * factor;
}

struct trade {
    double bid;
    double ask;
};

static _Bool is_even(int code) {
    return code % 2 == 0;
}

HM_EXCLUDE _Bool is_fair(struct trade trade) {
    return trade.bid <= trade.ask;
}

static _Bool is_short(const char *text) {
    return text[0] == '\0' || text[1] == '\0';
}

HM_CHECK(is_even, fail)
HM_CHECK(is_even, warn)
int even(int code) {
    return code + 1;
}

HM_CHECK(is_fair, fail)
struct trade trade(double bid, double ask) {
    return (struct trade){bid, ask};
}

HM_CHECK(is_short, warn)
const char *brief(const char *address) {
    return address;
}

HM_WHEN(region, us)
HM_CHECK_RANGE(0, 5, fail)
double tax__us(double price) {
    return price / 10;
}

HM_OTHERWISE
double tax__none(double price) {
    return 0 * price;
}
