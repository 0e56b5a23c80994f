#include <hamilton/modifiers.h>

HM_PARAMETERIZE_FROM_CONFIG(a)
HM_PARAMETERIZE(b)
double f(double x) {
    return x;
}

HM_PARAMETERIZE_FROM_CONFIG(a)
HM_PARAMETERIZE_FROM_CONFIG(c)
double g(double x) {
    return x;
}

HM_PARAMETERIZE_FROM_CONFIG(a)
HM_INJECT(HM_VALUE(x, 1))
double h(double x) {
    return x;
}

HM_PARAMETERIZE_FROM_CONFIG(3, 4)
double i(double x) {
    return x;
}

HM_PARAMETERIZE_FROM_CONFIG(a)
void two(double x, double *low, double *high) {
    *low = *high = x;
}

struct s {
    int a;
};

HM_PARAMETERIZE_FROM_CONFIG(a)
HM_EXTRACT_FIELDS()
struct s both(int x) {
    return (struct s){x};
}
