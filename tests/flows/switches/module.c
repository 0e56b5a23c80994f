// Switches: by text, numbers, enumerators, a bool, named values; of values, text and
// objects; bound and parameterized.

#include <hamilton/modifiers.h>
#include <hamilton/node.h>
#include <stdbool.h>
#include <stdint.h>

enum tier { TIER_FREE = 3, TIER_PAID = 9 };

struct model {
    double weight;
};

double linear(double x) {
    return 2 * x;
}

double forest(double x) {
    return x * x;
}

// Fails whenever it is run.
int broken(double x, double *out) {
    (void)x;
    (void)out;
    return hm_fail("it should not have been run");
}

/** What the model says. */
HM_SWITCH(model)
double score(const char *model, double linear, double forest, double broken);

double twice_the_score(double score) {
    return 2 * score;
}

// By its number, with an optional branch.
HM_SWITCH(number)
double by_number(
        int8_t number, double linear, double broken, HM_DEFAULT(0.5) double fixed);

HM_SWITCH(tier)
double by_tier(enum tier tier, double linear, double forest);

HM_SWITCH(tier, TIER_PAID, TIER_FREE)
double by_named_tier(enum tier tier, double linear, double forest);

HM_SWITCH(is_new)
double by_truth(bool is_new, double linear, double forest);

HM_SWITCH(code, 0x10, -1)
double by_code(int64_t code, double linear, double forest);

HM_SWITCH(label, "the first", second)
double by_label(const char *label, double linear, double forest);

const char *greeting(const char *name) {
    return name;
}

HM_SWITCH(is_new)
const char *text(bool is_new, const char *name, const char *greeting);

struct model cheap(double x) {
    return (struct model){x};
}

struct model dear(double x) {
    return (struct model){100 * x};
}

HM_SWITCH(is_new)
const struct model *chosen_model(
        bool is_new, const struct model *cheap, const struct model *dear);

HM_SWITCH(is_new)
struct model copied_model(bool is_new, struct model cheap, struct model dear);

double weight(const struct model *chosen_model, struct model copied_model) {
    return chosen_model->weight + copied_model.weight;
}

HM_SWITCH(which)
HM_PARAMETERIZE(first_score, HM_VALUE(which, "a"), HM_SOURCE(a, linear))
HM_PARAMETERIZE(second_score, HM_VALUE(which, "b"), HM_SOURCE(b, forest))
double either(const char *which, HM_DEFAULT(-1) double a, HM_DEFAULT(-2) double b);

HM_SWITCH(which)
HM_INJECT(HM_SOURCE(which, model), HM_SOURCE(a, forest), HM_SOURCE(b, linear))
HM_WHEN(region, us)
HM_TAG(owner, growth)
double injected(const char *which, double a, double b);

// The one that is taken inside of another.
HM_SWITCH(is_new)
double nested(bool is_new, double score, double by_number);
