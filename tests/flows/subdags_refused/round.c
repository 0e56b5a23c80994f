#include <hamilton/modifiers.h>

HM_SUBDAG("circle.c")
double b(double a) {
    return a;
}
