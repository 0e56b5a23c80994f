// suite.h — what each test program defines.

#ifndef HM_TESTS_SUPPORT_SUITE_H
#define HM_TESTS_SUPPORT_SUITE_H

#include <check.h>

Suite *hm_suite(void);

#endif
