// test_marketing.c — the functions of a module are C functions, and are tested as such.

#include <assert.h>
#include <math.h>
#include <stddef.h>

void avg_3wk_spend(size_t weeks, const double spend[], double out[]);
double spend_per_signup(double spend, double signups);
double spend_mean(size_t weeks, const double spend[]);
double spend_std_dev(size_t weeks, const double spend_zero_mean[]);

int main(void) {
    const double spend[] = {3, 6, 9, 3};
    double average[4];
    avg_3wk_spend(4, spend, average);
    assert(isnan(average[0]) && isnan(average[1]));
    assert(average[2] == 6 && average[3] == 6);

    assert(spend_per_signup(3, 2) == 1.5);
    assert(spend_mean(4, spend) == 5.25);
    assert(spend_std_dev(3, (double[]){-1, 0, 1}) == 1);
}
