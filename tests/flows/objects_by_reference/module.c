// const T * takes an object by reference: a struct by value serves it, and so does an
// object of a type that only its own functions know.

#include <stddef.h>
#include <stdlib.h>

#include <hamilton/modifiers.h>

struct settings {
    double slope;
    double offset;
};

struct model;

struct model {
    double slope;
    double offset;
};

HM_DESTROYS
void model_free(struct model *model) {
    free(model);
}

struct settings settings(double slope) {
    return (struct settings){slope, 1};
}

/** Made once, given to the engine. */
struct model *model(const struct settings *settings) {
    struct model *model = malloc(sizeof *model);
    if (model != NULL) {
        *model = (struct model){settings->slope, settings->offset};
    }
    return model;
}

double prediction(const struct model *model, double x) {
    return model->slope * x + model->offset;
}

double doubled_slope(struct settings settings) {
    return settings.slope * 2;
}

/** Borrowed: it is its input. */
const struct model *best_model(const struct model *model) {
    return model;
}

double best_slope(const struct model *best_model) {
    return best_model->slope;
}

/** The models of all rows, each made once. */
double mean_slope(size_t n, const struct model *const model[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += model[i]->slope;
    }
    return n > 0 ? sum / (double)n : 0;
}
