// Texts that threads (uv_thread_create) read in parts: the table, or the message, is
// the same however the text is cut and whoever reads it.

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include <hamilton/json.h>
#include <hamilton/table.h>

#include "adapters/table/columns.h"
#include "base/text.h"
#include "tests/support/suite.h"

static const hm_column wanted[] = {
        {"d", &hm_type_double},
        {"i", &hm_type_int},
        {"b", &hm_type_bool},
        {"s", &hm_type_string},
        {"f", &hm_type_float},
        {"l", &hm_type_longdouble},
};

enum { WANTED_COUNT = sizeof wanted / sizeof *wanted };

static hm_status read_format(
        hm_table *table, hm_format format, const char *text, size_t length) {
    switch (format) {
    case HM_FORMAT_JSON:
        return hm_read_json(table, text, length);
    case HM_FORMAT_NDJSON:
        return hm_read_json_lines(table, text, length);
    default:
        return hm_read_delimited(table, text, length, ',');
    }
}

// The columns, or what is wrong.
static void describe(hm_text *shown, hm_format format, const char *text, size_t length,
        size_t part_size, uint32_t thread_count) {
    hm_text_clear(shown);
    hm_table table;
    hm_error error = {.message = ""};
    ck_assert(hm_columns_init(&table, wanted, WANTED_COUNT, hm_allocator_default(),
                      &error) == HM_OK);
    table.part_size = part_size;
    table.thread_count = thread_count;
    hm_status status = read_format(&table, format, text, length);
    hm_text_format(shown, "%d %s %zu:", (int)status, error.message, table.row_count);
    for (size_t i = 0; status == HM_OK && i < table.names.count; i++) {
        hm_text_format(shown, " %s", hm_table_name(&table, i));
    }
    for (size_t i = 0; status == HM_OK && i < WANTED_COUNT; i++) {
        const hm_value *value = hm_table_find(&table, wanted[i].name);
        if (value != NULL) {
            hm_text_format(shown, "\n%s=", wanted[i].name);
            ck_assert(hm_json_write(value, hm_text_write, shown) == HM_OK);
        }
    }
    hm_columns_finish(&table);
}

static void check_text(hm_format format, const char *text, size_t length) {
    static const size_t sizes[] = {1, 2, 3, 5, 8, 13, 40, 1000};
    hm_text whole;
    hm_text parts;
    hm_text_init(&whole, NULL);
    hm_text_init(&parts, NULL);
    describe(&whole, format, text, length, SIZE_MAX, 1);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (uint32_t threads = 1; threads <= 4; threads += 3) {
            describe(&parts, format, text, length, sizes[i], threads);
            ck_assert_msg(strcmp(hm_text_get(&whole), hm_text_get(&parts)) == 0,
                    "%s\nin parts of %zu by %u threads:\n%s\ninstead of\n%s", text,
                    sizes[i], (unsigned)threads, hm_text_get(&parts),
                    hm_text_get(&whole));
        }
    }
    hm_text_finish(&whole);
    hm_text_finish(&parts);
}

START_TEST(csv_in_parts_is_the_same_table) {
    static const char *const texts[] = {
            "d,s,i\n1,a,2\n,,\n3,\"x\ny\n\nz\",\n\n\n4,\"q\"\"\n\"\"\",5\n",
            "d\r\n1\r\n\r\n2\r\n3",
            "d\r1\r2\r3\r",
            "d\n\r1\n\r2\n\r3\n",
            "s,d\n5\" pipe,1\n6\" \"pipe\",2\n\"7\"\"\n\",3\n",
            "s\n\"a\n\"\n\"\"\n\"\"\"\"\n\"\n\n\"\n",
            "s,d\n\"\n\"\",\"\n\",1\n,2\n\"\n\"\"\n,\n\",3\n",
            "d;s\n1;a,b\n2;\"a\n;\"\n3;\n",
            "d,s\n,\n,\n,\n,\n,\n[1],a\n\"[2,\n3]\",b\n",
            "d,s\n,\n1,\n,\n,\n,\n[1],a\n",
            "d,i\n1,2\n3,4\n5,x\n6,y\n7\n",
            "d,i\n1,2\n3\n5,x\n6,y\n7\n",
            "d,s\n1,a\n2,\"b\n3,c\n4,d\n",
            "d,s\n1,a\n2,\"b\"x\n3,c\n\"4,d\n",
            "d,s\n1,a\n2,\xff\n3,\xff\n",
            "d\n",
            "d",
            "s\n\"\n\"\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        check_text(HM_FORMAT_CSV, texts[i], strlen(texts[i]));
    }
}
END_TEST

START_TEST(json_lines_in_parts_are_the_same_table) {
    static const char *const texts[] = {
            ("{\"d\": 1, \"s\": \"a\"}\n{\"s\": \"b\", \"x\": 3}\n\n \n{\"i\": 4}\n{}\n"
             "{\"y\": 1, \"d\": null}\n"),
            "{\"d\": 1}\n{\"d\": [2]}\n{}\n{\"d\": [[3]]}\n",
            "{\"s\": \"a\"}\n{\"i\": 1}\n{\"s\": [\"a\", null]}\n{\"b\": true}\n",
            "{\"d\": 1}\n{\"d\": \"x\"}\n{\"d\": [1]}\n{\"d\": }\n",
            "{\"d\": 1}\n{\"d\": [1]}\n{\"d\": \"x\"}\n{\"d\": }\n",
            "{\"d\": 1}\n{\"d\": 2\n}\n{\"d\": 3} x\n",
            "{\"d\": 1}\n3\n{\"d\": 1, \"d\": 2}\n",
            "{\"i\": 1}\n{\"i\": 2}\n{\"i\": 1.5}\n{\"i\": \"\"}\n",
            "",
            "\n\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        check_text(HM_FORMAT_NDJSON, texts[i], strlen(texts[i]));
    }
}
END_TEST

static uint64_t state = 88172645463325252u;

static uint64_t random_bits(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

START_TEST(any_text_in_parts_is_the_same_table) {
    static const char *const pieces[] = {"\n", ",", "\"", "\"\"", "1", "2.5", "a",
            "\r\n", "\r", "NA", "[1]", "-3e2", " ", "\n", ",", ",", "9"};
    for (int i = 0; i < 300; i++) {
        hm_text text;
        hm_text_init(&text, NULL);
        hm_text_append(&text, i % 2 == 0 ? "d,s\n" : "s,i,d\n");
        for (uint64_t k = random_bits() % 40; k > 0; k--) {
            hm_text_append(
                    &text, pieces[random_bits() % (sizeof pieces / sizeof *pieces)]);
        }
        check_text(HM_FORMAT_CSV, hm_text_get(&text), text.length);
        hm_text_finish(&text);
    }
}
END_TEST

START_TEST(rows_that_are_right_in_parts_are_the_same_table) {
    static const char *const fields[] = {"1", "-2.5e3", "", "\"3\"", "NA"};
    static const char *const strings[] = {
            "", "\"\"", "a", "\"\n\"", "\"a\"\"\n,\"\"\"", "5\"", "\"\n\n\r\n1,2\n\""};
    for (int i = 0; i < 100; i++) {
        hm_text text;
        hm_text_init(&text, NULL);
        hm_text_append(&text, "d,s,i\n");
        for (uint64_t k = random_bits() % 30; k > 0; k--) {
            hm_text_format(&text, "%s,%s,%d%s", fields[random_bits() % 5],
                    strings[random_bits() % 7], (int)(random_bits() % 1000),
                    random_bits() % 3 == 0 ? "\n\n" : "\n");
        }
        check_text(HM_FORMAT_CSV, hm_text_get(&text), text.length);
        hm_text_finish(&text);
    }
}
END_TEST

// A thread gets a stack of this size, which no address space has room for.
START_TEST(threads_that_cannot_be_had_are_done_without) {
    struct rlimit limit;
    ck_assert_int_eq(getrlimit(RLIMIT_STACK, &limit), 0);
    limit.rlim_cur = (rlim_t)1 << 47;
    if (limit.rlim_max < limit.rlim_cur || setrlimit(RLIMIT_STACK, &limit) != 0) {
        return; // which this system does not let us say
    }
    const char *text = "d,s\n1,a\n2,\"\nb\"\n3,\n4,c\n";
    check_text(HM_FORMAT_CSV, text, strlen(text));
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("table_parts");
    TCase *tests = tcase_create("parts");
    tcase_add_test(tests, csv_in_parts_is_the_same_table);
    tcase_add_test(tests, json_lines_in_parts_are_the_same_table);
    tcase_add_test(tests, any_text_in_parts_is_the_same_table);
    tcase_add_test(tests, rows_that_are_right_in_parts_are_the_same_table);
    tcase_add_test(tests, threads_that_cannot_be_had_are_done_without);
    suite_add_tcase(suite, tests);
    return suite;
}
