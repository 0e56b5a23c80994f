#include <hamilton/modifiers.h>

HM_LOAD_FROM(cvs, x, HM_VALUE(path, "x.csv"))
double f(double x) {
    return x;
}

HM_SAVE_TO(environment, HM_VALUE(name, "X"))
double g(double x) {
    return x;
}

HM_LOAD_FROM(raw, x, HM_VALUE(path, "x"), HM_VALUE(column, "x"))
double h(double x) {
    return x;
}
