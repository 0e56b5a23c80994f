// Who is lent how much: from an applicant's income, debts and history to what each
// product of the bank offers. All functions take one applicant, except for the few that
// say so; a file of applicants goes through the same functions.

#include <math.h>
#include <stddef.h>

#include <hamilton/modifiers.h>

/** What is left of a year's income. */
HM_WHEN(region, us)
double net_income__us(double income) {
    return income - fmax(0, income - 14600) * 0.2;
}

/** The same where pensions and health are paid for, too. */
HM_WHEN(region, eu)
double net_income__eu(double income, HM_DEFAULT(0.2) double social_rate) {
    double insured = income * (1 - social_rate);
    return insured - fmax(0, insured - 12000) * 0.3;
}

/** What can be spent each month. */
double disposable(double net_income, double debt_payment) {
    return fmax(0, net_income / 12 - debt_payment);
}

/** Share of all loans that went bad a month, over the last {months} months. */
HM_PARAMETERIZE(defaults_quarter, HM_VALUE(months, 3))
HM_PARAMETERIZE(defaults_year, HM_VALUE(months, 12))
HM_CHECK_RANGE(0, 1, fail)
double defaults_over(size_t n, const double defaults[n], int months) {
    size_t first = n > (size_t)months ? n - (size_t)months : 0;
    double sum = 0;
    for (size_t i = first; i < n; i++) {
        sum += defaults[i];
    }
    return n > first ? sum / (double)(n - first) : 0;
}

/** How much worse the times have become: 1 if they have not. */
double climate(double defaults_quarter, double defaults_year) {
    return defaults_year > 0 ? defaults_quarter / defaults_year : 1;
}

/** The probability that the applicant does not pay back. */
HM_TAG(owner, risk)
HM_CHECK_FINITE(fail)
HM_CHECK_MEAN_IN_RANGE(0, 0.3, warn)
double risk(double disposable, double late_payments, double years_employed,
        double climate) {
    double points =
            0.8 * late_payments - 0.1 * fmin(years_employed, 10) - disposable / 2000;
    return climate / (climate + exp(2.5 - points));
}

// What a product lends is worked out by product.c, once for each of them.

/** What {output_name} lends over {months} months. */
HM_SUBDAG_AS(card, "product.c", HM_VALUE(months, 24), HM_VALUE(margin, 0.09),
        HM_VALUE(share, 0.1), HM_VALUE(most_risk, 0.10), HM_VALUE(most, 5000))
HM_SUBDAG_AS(car, "product.c", HM_VALUE(months, 60), HM_VALUE(margin, 0.03),
        HM_VALUE(share, 0.25), HM_VALUE(most_risk, 0.15), HM_VALUE(most, 60000))
HM_SUBDAG_AS(home, "product.c", HM_VALUE(months, 300), HM_VALUE(margin, 0.01),
        HM_VALUE(share, 0.4), HM_VALUE(most_risk, 0.20), HM_CONFIG(secured, true))
double offer(double granted) {
    return 100 * floor(granted / 100);
}

/** Expected to be lost if all applicants took all that is offered. */
HM_INJECT(HM_GROUP(parts, "card.loss", "car.loss", "home.loss"))
double expected_loss(size_t n, const double parts[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += parts[i];
    }
    return sum;
}
