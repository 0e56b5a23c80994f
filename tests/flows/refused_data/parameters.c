#include <hamilton/modifiers.h>

HM_LOAD_FROM(csv, x)
double missing(double x) {
    return x;
}

HM_LOAD_FROM(csv, x, HM_VALUE(path, "x.csv"), HM_VALUE(pth, "y.csv"))
double unknown(double x) {
    return x;
}

HM_LOAD_FROM(csv, x, HM_VALUE(path, 3))
double wrong(double x) {
    return x;
}
