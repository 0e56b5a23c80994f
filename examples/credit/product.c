// What one product lends to an applicant. Whoever takes this module says for how long,
// at which margin, how much of what is disposable may be spent on it and how much risk
// is borne.

#include <math.h>
#include <stddef.h>

#include <hamilton/modifiers.h>

/** Yearly, as a share of the loan: riskier applicants pay more. */
double rate(double base_rate, double margin, double risk) {
    return base_rate + margin + 0.1 * risk;
}

/** What the applicant can pay back. */
double affordable(double disposable, double share, double rate, double months) {
    return disposable * share * (1 - pow(1 + rate / 12, -months)) / (rate / 12);
}

/** Eight tenths of what is pledged are lent at most. */
HM_WHEN(secured, true)
double limit__secured(double affordable, double collateral) {
    return fmin(affordable, 0.8 * collateral);
}

HM_OTHERWISE
double limit__by_the_bank(double affordable, double most) {
    return fmin(affordable, most);
}

/** Nothing, if the risk is too high. */
HM_CHECK_RANGE(0, 1e6, fail)
double granted(double limit, double risk, double most_risk) {
    return risk <= most_risk ? limit : 0;
}

/** Expected of all applicants together. */
double loss(size_t n, const double granted[n], const double risk[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += granted[i] * risk[i];
    }
    return round(sum);
}
