// Checks of columns of which elements are missing.

#include <stddef.h>
#include <stdint.h>

#include <hamilton/modifiers.h>

HM_CHECK_RANGE(0, 5, fail)
int64_t more(int64_t units) {
    return units + 1;
}

HM_CHECK_MAX_NAN_FRACTION(0.5, fail)
const char *name(const char *customer) {
    return customer;
}
