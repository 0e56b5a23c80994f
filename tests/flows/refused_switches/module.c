#include <hamilton/modifiers.h>
#include <hamilton/node.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tier { TIER_FREE, TIER_PAID, TIER_GOLD };

struct model;
HM_DESTROYS void model_free(struct model *model);

HM_SWITCH(model)
double with_a_body(const char *model, double a, double b) {
    return model != NULL ? a : b;
}

HM_SWITCH(modle)
double unknown_parameter(const char *model, double a, double b);

HM_SWITCH(weight)
double by_a_double(double weight, double a, double b);

HM_SWITCH(when)
double by_a_time(HM_TIME(s) int64_t when, double a, double b);

HM_SWITCH(which)
double by_an_array(size_t n, const int which[n], double a, double b);

HM_SWITCH(which)
double of_another_type(int which, double a, float b);

HM_SWITCH(which)
double of_an_array(size_t n, int which, double a, const double b[n]);

HM_SWITCH(which)
int of_two_outputs(int which, double a, double b, double *first, double *second);

HM_SWITCH(which)
char *given_text(int which, const char *a, const char *b);

HM_SWITCH(which)
struct model *given_model(int which, const struct model *a, const struct model *b);

HM_SWITCH(which)
double one_branch(int which, double a);

HM_SWITCH(is_new)
double three_truths(bool is_new, double a, double b, double c);

HM_SWITCH(tier)
double too_few_for_the_enumerators(enum tier tier, double a, double b);

HM_SWITCH(which, 1, 2, 3)
double too_many_values(int which, double a, double b);

HM_SWITCH(which, 1, 1)
double equal_values(int which, double a, double b);

HM_SWITCH(which, 1, 300)
double large_value(int8_t which, double a, double b);

HM_SWITCH(which, 1, one)
double no_number(int which, double a, double b);

HM_SWITCH()
double no_arguments(int which, double a, double b);

HM_SWITCH(which)
HM_SWITCH(which)
double twice(int which, double a, double b);

HM_SWITCH(which)
int asynchronous(int which, double a, double b, double *out, hm_async *done);

HM_SWITCH(which)
static double private(int which, double a, double b);
