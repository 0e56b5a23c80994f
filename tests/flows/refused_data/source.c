#include <hamilton/modifiers.h>

HM_LOAD_FROM(csv, y, HM_VALUE(path, "x.csv"))
double f(double x, double yy) {
    return x + yy;
}

HM_LOAD_FROM(csv, x, HM_VALUE(path, "x.csv"), HM_VALUE(path, "y.csv"))
double g(double x) {
    return x;
}

HM_INJECT(HM_VALUE(x, 3))
HM_LOAD_FROM(csv, x, HM_VALUE(path, "x.csv"))
double h(double x) {
    return x;
}

HM_LOAD_FROM(csv, x, HM_VALUE(path, "x.csv"), HM_AS(z))
double i(double x) {
    return x;
}

HM_LOAD_FROM(csv, x, HM_VALUE(path, "x.csv"), HM_SOURCE(column, z))
double j(double x) {
    return x;
}

HM_LOAD_FROM("", x)
double k(double x) {
    return x;
}

HM_SAVE_TO(json, path)
double l(double x) {
    return x;
}

HM_SAVE_TO(json, HM_VALUE(path, "a"), HM_GROUP(b, 1))
double m(double x) {
    return x;
}
