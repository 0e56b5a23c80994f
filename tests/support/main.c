// main.c — runs the one suite of a test program. Check forks for every case unless
// CK_FORK=no.

#include <stdlib.h>

#include "tests/support/suite.h"

int main(void) {
    SRunner *runner = srunner_create(hm_suite());
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
