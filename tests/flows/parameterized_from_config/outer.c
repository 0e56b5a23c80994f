#include <hamilton/modifiers.h>

HM_SUBDAG("m.c")
double inner(double rows) {
    return rows;
}

HM_WHEN(literal, true)
HM_SUBDAG("m.c", HM_CONFIG(windows, "x"))
double other(double rows) {
    return rows;
}
