// data_table.c — see data_table.h.

#include "tests/fuzz/data_table.h"

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "adapters/table/columns.h"
#include "base/text.h"
#include "tests/fuzz/require.h"
#include "tests/support/failing_allocator.h"

struct place {
    double x;
    const char *name;
    unsigned char code;
};

static const hm_field place_fields[] = {
        {.name = "x", .type = &hm_type_double, .offset = offsetof(struct place, x)},
        {.name = "name",
                .type = &hm_type_string,
                .offset = offsetof(struct place, name)},
        {.name = "code",
                .type = &hm_type_uchar,
                .offset = offsetof(struct place, code)},
};

static const hm_type place_type = {.name = "struct place",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct place),
        .alignment = alignof(struct place),
        .fields = place_fields,
        .field_count = 3};

static const hm_column wanted[] = {
        {"d", &hm_type_double},
        {"f", &hm_type_float},
        {"i", &hm_type_int},
        {"u", &hm_type_ulong},
        {"b", &hm_type_bool},
        {"s", &hm_type_string},
        {"p", &place_type},
        {"l", &hm_type_longdouble},
        {"t", &hm_type_time_ms},
};

enum { WANTED_COUNT = sizeof wanted / sizeof *wanted };

static hm_status read_format(
        hm_table *table, hm_format format, const char *text, size_t length) {
    switch (format) {
    case HM_FORMAT_TSV:
        return hm_read_delimited(table, text, length, '\t');
    case HM_FORMAT_JSON:
        return hm_read_json(table, text, length);
    case HM_FORMAT_NDJSON:
        return hm_read_json_lines(table, text, length);
    default:
        return hm_read_delimited(table, text, length, ',');
    }
}

// The table must be finished even if this fails.
static hm_status read_table(hm_table *table, hm_format format, const char *text,
        size_t length, size_t part_size, const hm_allocator *allocator,
        hm_error *error) {
    hm_status status = hm_columns_init(table, wanted, WANTED_COUNT, allocator, error);
    table->part_size = part_size;
    table->thread_count = part_size % 2 == 0 ? 2 : 1;
    return status != HM_OK ? status : read_format(table, format, text, length);
}

// False if it has no columns, or some that are single values: no table then.
static bool print_table(const hm_table *table, hm_format format, hm_text *text) {
    hm_binding columns[WANTED_COUNT];
    size_t count = 0;
    for (size_t i = 0; i < WANTED_COUNT; i++) {
        const hm_value *value = hm_table_find(table, wanted[i].name);
        if (value != NULL) {
            columns[count++] = (hm_binding){wanted[i].name, *value};
        }
    }
    return hm_table_print(format, columns, count, hm_text_write, text, NULL) == HM_OK;
}

static void fail_once(hm_format format, const char *text, size_t length, size_t calls) {
    for (int for_good = 0; for_good < 2; for_good++) {
        hm_failing_allocator failing;
        hm_failing_allocator_init(&failing);
        failing.fail_at = 1 + length * 31 % calls;
        failing.for_good = for_good == 1;
        hm_table table;
        hm_status status = read_table(&table, format, text, length, 1 + length % 64,
                &failing.allocator, NULL);
        REQUIRE(status == HM_NO_MEMORY);
        hm_columns_finish(&table);
        REQUIRE(failing.live == 0);
    }
}

// The same in parts: the same columns, or the same message. `expected` is what the
// table prints, empty if it prints nothing.
static size_t read_in_parts(hm_format format, const char *text, size_t length,
        size_t part_size, const hm_error *error, const hm_text *expected) {
    hm_failing_allocator counting;
    hm_failing_allocator_init(&counting);
    hm_table table;
    hm_error found = {.message = ""};
    hm_status status = read_table(
            &table, format, text, length, part_size, &counting.allocator, &found);
    size_t calls = counting.calls;
    REQUIRE(status == error->status && strcmp(found.message, error->message) == 0);
    hm_text printed;
    hm_text_init(&printed, NULL);
    if (status == HM_OK && print_table(&table, format, &printed)) {
        REQUIRE(printed.length == expected->length);
        REQUIRE(memcmp(printed.data, expected->data, printed.length) == 0);
    }
    hm_text_finish(&printed);
    hm_columns_finish(&table);
    REQUIRE(counting.live == 0);
    return calls;
}

void hm_fuzz_table(hm_format format, const char *text, size_t length) {
    hm_failing_allocator counting;
    hm_failing_allocator_init(&counting);
    hm_table table;
    hm_error error = {.message = ""};
    hm_status status = read_table(
            &table, format, text, length, SIZE_MAX, &counting.allocator, &error);
    hm_text first;
    hm_text second;
    hm_text_init(&first, NULL);
    hm_text_init(&second, NULL);
    if (status != HM_OK) {
        REQUIRE(status == HM_BAD_DATA || status == HM_DUPLICATE_NAME);
        REQUIRE(error.status == status && error.message[0] != '\0');
    } else if (print_table(&table, format, &first)) {
        hm_table again;
        REQUIRE(read_table(&again, format, first.data, first.length, SIZE_MAX,
                        table.allocator, &error) == HM_OK);
        // JSON tables without rows have lost their columns.
        if (print_table(&again, format, &second)) {
            REQUIRE(strcmp(first.data, second.data) == 0);
        } else {
            REQUIRE(hm_table_row_count(&table) == 0);
        }
        hm_columns_finish(&again);
    }
    hm_columns_finish(&table);
    REQUIRE(counting.live == 0);
    error.status = status;
    read_in_parts(format, text, length, 1, &error, &first);
    size_t calls = read_in_parts(format, text, length, 1 + length % 64, &error, &first);
    hm_text_finish(&first);
    hm_text_finish(&second);
    if (status == HM_OK) {
        fail_once(format, text, length, calls);
    }
}
