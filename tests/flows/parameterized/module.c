// HM_PARAMETERIZE: one function makes several nodes.

#include <stddef.h>

#include <hamilton/modifiers.h>

/** Moving average of {spend} over {weeks} weeks, called {output_name}; {this} stays. */
HM_TAG(owner, "growth")
HM_PARAMETERIZE(avg_2wk, HM_VALUE(weeks, 2))
HM_PARAMETERIZE(avg_3wk, HM_VALUE(weeks, 3))
HM_PARAMETERIZE(signups_2wk, HM_SOURCE(spend, signups), HM_VALUE(weeks, 2))
void average(size_t n, const double spend[n], int weeks, double out[n]) {
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        size_t first = i + 1 >= (size_t)weeks ? i + 1 - (size_t)weeks : 0;
        for (size_t k = first; k <= i; k++) {
            sum += spend[k];
        }
        out[i] = sum / (double)(i + 1 - first);
    }
}

/** On one value, so on rows, too. */
HM_PARAMETERIZE(twice, HM_VALUE(factor, 2))
HM_PARAMETERIZE(thrice, HM_VALUE(factor, 3))
HM_PARAMETERIZE(plain)
double times(double avg_2wk, double factor) {
    return avg_2wk * factor;
}

HM_WHEN(region, us)
HM_PARAMETERIZE(low, HM_VALUE(x, 1))
HM_PARAMETERIZE(high, HM_VALUE(x, 10))
double bound__us(double x) {
    return x;
}

HM_OTHERWISE
HM_PARAMETERIZE(low, HM_VALUE(x, 2))
HM_PARAMETERIZE(high, HM_VALUE(x, 20))
double bound__elsewhere(double x) {
    return x;
}
