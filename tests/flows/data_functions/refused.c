#include <hamilton/metadata.h>
#include <hamilton/modifiers.h>

HM_LOADER
double f(double x) {
    return x;
}

HM_LOADER
void g(double x, double *a, struct hm_metadata *metadata) {
    *a = x;
    *metadata = (struct hm_metadata){.rows = 1};
}

HM_SAVER
double h(double x) {
    return x;
}
