// What several modules share: each defines some of it.

#include <hamilton/modifiers.h>

struct model;

struct model *model(HM_DEFAULT(2) double slope);
HM_DESTROYS void model_free(struct model *model);

HM_TAG(owner, "growth")
double prediction(const struct model *model, double slope_of_model);
HM_EXCLUDE double model_slope(const struct model *model);
