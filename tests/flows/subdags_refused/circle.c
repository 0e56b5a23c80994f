#include <hamilton/modifiers.h>

HM_SUBDAG("round.c")
double a(double b) {
    return b;
}
