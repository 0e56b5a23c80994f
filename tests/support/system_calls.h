// system_calls.h — calls of the operating system that fail, or end the process, when
// they are told to: those of SQLite too. A test that names one of these functions has
// all calls of its program go through them.

#ifndef HM_TESTS_SUPPORT_SYSTEM_CALLS_H
#define HM_TESTS_SUPPORT_SYSTEM_CALLS_H

#include <stdbool.h>
#include <stddef.h>

// What becomes of the call with number `at`, from 1, counted from now on: it is killed
// before it does anything if `number` is 0, else it fails with that errno; and all
// after it, if it is for good.
void hm_system_calls_fail(size_t at, int number, bool for_good);

// All go well again. How many there were since.
size_t hm_system_calls_heal(void);

#endif
