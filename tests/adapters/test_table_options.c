// test_table_options.c — what a table is asked for, before a file is looked at.

#include <hamilton/table.h>

#include "tests/support/suite.h"

START_TEST(columns_have_names_and_types) {
    const hm_type nameless = {.kind = HM_KIND_INT, .size = 4, .alignment = 4};
    const hm_column wrong[] = {{"a", NULL}, {NULL, &hm_type_int}, {"a", &nameless}};
    static const char *const messages[] = {
            "column 0 of the options (`a`) has no type, or one without a name",
            "column 0 of the options (`(null)`) has no name",
            "column 0 of the options (`a`) has no type, or one without a name"};
    for (size_t i = 0; i < 3; i++) {
        hm_table_options options = HM_TABLE_OPTIONS_INIT;
        options.path = "not looked at.csv";
        options.columns = &wrong[i];
        options.column_count = 1;
        hm_table *table;
        hm_error error;
        ck_assert_int_eq(hm_table_read(&options, &table, &error), HM_BAD_ARGUMENT);
        ck_assert_str_eq(error.message, messages[i]);
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("table_options");
    TCase *tests = tcase_create("options");
    tcase_add_test(tests, columns_have_names_and_types);
    suite_add_tcase(suite, tests);
    return suite;
}
