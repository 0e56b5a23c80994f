#include <hamilton/modifiers.h>

HM_LOAD_FROM(parquet, x, HM_VALUE(path, "x.parquet"))
double f(double x) {
    return x;
}
