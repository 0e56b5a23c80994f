// A node of each kind, and what it fails with.

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <hamilton/modifiers.h>
#include <hamilton/node.h>

struct quote {
    double price;
    const char *currency;
    int ages[2];
    unsigned stale : 1;
};

struct session {
    double value;
};

enum tier { TIER_FREE = 3, TIER_PAID = 9 };

// A struct, text, an enum, a narrow number.
struct quote quoted(double price, const char *currency) {
    return (struct quote){price, currency, {3, 4}, 1};
}

int priced(const struct quote *quoted, const char *currency, enum tier tier, int8_t small,
        double *out) {
    if (small < 0) {
        return hm_fail("%s of tier %d costs %g %s, stale %u", currency, (int)tier,
                quoted->price, quoted->currency, quoted->stale);
    }
    *out = quoted->price;
    return 0;
}

// A whole array of which elements are missing.
int counted(size_t n, HM_NULLABLE const int64_t counts[n], int64_t *out) {
    const uint8_t *there = hm_validity(counts);
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += there == NULL || (there[i / 8] >> i % 8 & 1) ? counts[i] : 0;
    }
    *out = sum;
    return sum > 3 ? hm_fail("the sum is %lld", (long long)sum) : 0;
}

// Rows of a chain that goes through its rows together.
double doubled(double row) {
    return 2 * row;
}

int checked(double doubled, const char *label, double *out) {
    *out = doubled;
    return doubled > 5 ? hm_fail("%s is too much", label) : 0;
}

// Arrays that several nodes make, of arrays.
void lengths(int n, size_t *out_n, double **out) {
    *out = malloc(sizeof(double) * (size_t)(n > 0 ? n : 1));
    *out_n = (size_t)n;
    for (int i = 0; i < n && *out != NULL; i++) {
        (*out)[i] = i;
    }
}

int summed(size_t n, const double lengths[n], double *out) {
    *out = (double)n;
    return n > 2 ? hm_fail("%zu are too many", n) : 0;
}

// Only known by pointer: made anew.
HM_DESTROYS void session_end(struct session *session);
void session_end(struct session *session) {
    free(session);
}

struct session *session(double start) {
    struct session *made = malloc(sizeof *made);
    if (made != NULL) {
        made->value = start;
    }
    return made;
}

int asked(const struct session *session, double *out) {
    *out = session->value;
    return session->value < 0 ? hm_fail("the session is at %g", session->value) : 0;
}

// Known by pointer, and written by its own function.
struct line {
    double *knots;
};

HM_DESTROYS void line_free(struct line *line) {
    free(line->knots);
    free(line);
}

HM_WRITES int line_write(const struct line *line, FILE *to) {
    return fprintf(to, "%a", line->knots[0]) < 0;
}

HM_READS struct line *line_read(FILE *from) {
    struct line *line = malloc(sizeof *line);
    line->knots = malloc(sizeof(double));
    return fscanf(from, "%la", line->knots) == 1 ? line : NULL;
}

struct line *line(double start) {
    struct line *line = malloc(sizeof *line);
    line->knots = malloc(sizeof(double));
    line->knots[0] = start / 3;
    return line;
}

int measured(const struct line *line, double *out) {
    *out = 0;
    return hm_fail("the line is %.17g long", line->knots[0]);
}

// One that failed, which is accepted, and made anew as well.
int strict(HM_ACCEPT_FAILED const double *asked, double amount, double *out) {
    *out = amount;
    return asked == NULL ? hm_fail("nothing for %g", amount) : 0;
}

// Bound values, steps of pipes, subdags, groups, switches, checks.
HM_PARAMETERIZE(cheap, HM_VALUE(factor, 2))
HM_PARAMETERIZE(dear, HM_VALUE(factor, 30))
int times(double amount, double factor, double *out) {
    *out = amount * factor;
    return factor > 10 ? hm_fail("%g is too dear", *out) : 0;
}

static int root(double x, double by, double *out) {
    *out = x / by;
    return x < 0 || by < 0 ? hm_fail("%g by %g has no root", x, by) : 0;
}

HM_PIPE_INPUT(amount, HM_STEP(root, HM_VALUE(by, 2)), HM_STEP(root, HM_SOURCE(by, start)))
double piped(double amount) {
    return amount;
}

HM_SUBDAG("lib/tax.c", HM_SOURCE(net, amount), HM_VALUE(rate, 0.5))
double tax(double taxed) {
    return taxed;
}

HM_INJECT(HM_GROUP(x, amount, start, 4))
int mean(size_t n, const double x[n], double *out) {
    *out = x[0] / (double)n;
    return x[0] < 0 ? hm_fail("the first of %zu is %g", n, x[0]) : 0;
}

HM_SWITCH(is_new)
double chosen(bool is_new, double piped, double amount);

int after_switch(double chosen, double *out) {
    *out = chosen;
    return chosen < 0 ? hm_fail("%g was chosen", chosen) : 0;
}

HM_CHECK_RANGE(0, 10, fail)
double ranged(double amount) {
    return amount;
}

// Nothing is given at all.
int alone(double *out) {
    *out = 0;
    return 7;
}
