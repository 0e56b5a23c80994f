// HM_STATEFUL allows what is refused otherwise; reading a table is nobody's concern.

#include <stddef.h>

#include <hamilton/modifiers.h>

static const double rates[] = {0.5, 2};

static int calls;

double scaled(double x, int kind) {
    static const double offsets[] = {1, 2};
    return x * rates[kind] + offsets[kind];
}

HM_STATEFUL
int numbered(double scaled) {
    (void)scaled;
    return ++calls;
}
