#include <unistd.h>

#include <hamilton/modifiers.h>
#include <hamilton/node.h>

/** Succeeds when it is called for the third time. */
HM_STATEFUL
int rate(double x, double *out) {
    static int calls;
    calls++;
    if (calls < 3) {
        return hm_fail("the server is away, call %d", calls);
    }
    *out = x * calls;
    return 0;
}

/** Succeeds when it is called for the second time. */
HM_STATEFUL
HM_TAG(retry, 1)
int tagged(double x, double *out) {
    static int calls;
    calls++;
    *out = x;
    return calls < 2 ? hm_fail("not yet") : 0;
}

/** Waits until somebody tells it to come back. */
HM_TAG(timeout_ms, 20)
int patient(double x, double *out) {
    while (!hm_should_stop()) {
        usleep(1000);
    }
    *out = x;
    return 0;
}
