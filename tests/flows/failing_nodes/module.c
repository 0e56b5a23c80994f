// A status other than 0 fails the node; hm_fail says why.

#include <hamilton/node.h>

int checked_spend(double spend, double *out) {
    if (spend < 0) {
        return hm_fail("negative spend: %g", spend);
    }
    *out = spend;
    return 0;
}

int silent(double spend, double *out) {
    *out = spend;
    return spend < 0 ? 7 : 0;
}

/** int without output parameters is a value, not a status. */
int answer(void) {
    return 42;
}

double report(double checked_spend, int answer) {
    return checked_spend + answer;
}

double silent_report(double silent) {
    return silent;
}
