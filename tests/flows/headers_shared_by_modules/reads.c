#include "model.h"

double prediction(const struct model *model, double slope_of_model) {
    return model != 0 ? slope_of_model + 1 : 0;
}
