#include <stddef.h>

#include <hamilton/modifiers.h>
#include <hamilton/node.h>

double returns_a_value(double x, hm_async *done) {
    hm_async_succeed(done);
    return x;
}

int returns_no_status(double x, hm_async *done) {
    hm_async_succeed(done);
    return x > 0;
}

void has_no_output(double x, hm_async *done) {
    (void)x;
    hm_async_succeed(done);
}

void begins_with_it(hm_async *done, double x, double *out) {
    *out = x;
    hm_async_succeed(done);
}

void takes_two(double x, double *out, hm_async *first, hm_async *second) {
    *out = x;
    hm_async_succeed(first);
    hm_async_succeed(second);
}

void takes_a_constant(double x, double *out, const hm_async *done) {
    *out = hm_async_should_stop(done) ? 0 : x;
}

void takes_a_pointer(double x, double *out, hm_async **done) {
    *out = x;
    hm_async_succeed(*done);
}

void expands(double x, double **out, size_t *count, hm_async *done) {
    (void)x;
    *out = NULL;
    *count = 0;
    hm_async_succeed(done);
}

hm_async *gives_one(double x) {
    (void)x;
    return NULL;
}

void has_a_default(double x, double *out, HM_DEFAULT(0) hm_async *done) {
    *out = x;
    hm_async_succeed(done);
}

HM_EXCLUDE
void is_no_node(hm_async *done) {
    hm_async_succeed(done);
}
