#include <stdlib.h>

#include "model.h"

struct model {
    double slope;
};

struct model *model(double slope) {
    struct model *made = malloc(sizeof *made);
    made->slope = slope;
    return made;
}

void model_free(struct model *model) {
    free(model);
}

double slope_of_model(const struct model *model) {
    return model->slope;
}
