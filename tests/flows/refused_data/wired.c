#include <hamilton/modifiers.h>

HM_LOAD_FROM(csv, x, HM_SOURCE(path, number))
double f(double x) {
    return x;
}

int number(int count) {
    return count;
}

HM_PARAMETERIZE(a, HM_VALUE(x, 1))
HM_PARAMETERIZE(b, HM_VALUE(x, 2))
HM_SAVE_TO(json, HM_VALUE(path, "x.json"))
double several(double x) {
    return x;
}
