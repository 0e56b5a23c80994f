#include <hamilton/modifiers.h>

HM_SUBDAG("module.c", HM_CONFIG(region, "fr"))
double french(double total) {
    return total;
}
