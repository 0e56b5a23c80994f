// Mistakes in expansions.

#include <hamilton/modifiers.h>

HM_PARAMETERIZE(a, HM_VALUE(x, 1))
HM_PARAMETERIZE(b, HM_VALUE(y, 1))
void two(int x, int *two, int *more) {
    *two = *more = x;
}

HM_INJECT(HM_VALUE(x, 1))
HM_PARAMETERIZE(c, HM_VALUE(x, 2))
int both(int x) {
    return x;
}

struct pair {
    int first;
    int second;
};

HM_PARAMETERIZE(d, HM_VALUE(x, 2.5))
HM_PARAMETERIZE(e-f)
HM_EXTRACT_FIELDS(first)
struct pair pair(int x) {
    return (struct pair){x, x};
}
