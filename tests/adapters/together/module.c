// module.c — something of everything that a dataflow may have: one value and rows, a
// step, checks, asynchronous nodes, a switch, and nodes that fail.

#include <stddef.h>

#include <hamilton/modifiers.h>
#include <hamilton/node.h>

double base(double x) {
    return x + 1;
}

static double clip(double v, double low, double high) {
    return v < low ? low : v > high ? high : v;
}

HM_CHECK_FINITE(fail)
HM_CHECK_RANGE(0, 20, warn)
HM_PIPE_OUTPUT(HM_STEP(clip, HM_VALUE(low, 0), HM_VALUE(high, 50)))
double scaled(double amount, double base) {
    return amount * base;
}

double shifted(double scaled, double base) {
    return scaled - base;
}

double total(size_t n, const double scaled[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += scaled[i];
    }
    return sum;
}

static void answer(struct uv_loop_s *loop, void *done) {
    (void)loop;
    hm_async_succeed(done);
}

// Ends later, on the loop.
int quote(double base, double *out, hm_async *done) {
    *out = base * 2;
    hm_async_on_loop(done, answer, done);
    return 0;
}

// Of each row, and at once.
HM_TAG(timeout_ms, 60000)
int offer(double shifted, double *out, hm_async *done) {
    *out = shifted / 2;
    hm_async_succeed(done);
    return 0;
}

const char *kind(double quote) {
    return quote > 3 ? "dear" : "cheap";
}

double cheap(double base) {
    return base;
}

int dear(double base, double total, double *out) {
    *out = base + total;
    return 0;
}

HM_SWITCH(kind)
double price(const char *kind, double cheap, double dear);

// Tried again, for nothing.
HM_TAG(retry, 2)
int failing(double quote, double *out) {
    *out = 0;
    return hm_fail("nobody sells at %g", quote);
}

int failing_rows(double scaled, double *out) {
    *out = scaled;
    return scaled > 9 ? hm_fail("%g is too much", scaled) : 0;
}

double behind(double failing, double total) {
    return failing + total;
}

double last(size_t n, const double failing_rows[n]) {
    return failing_rows[n - 1];
}
