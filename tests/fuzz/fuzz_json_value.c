// fuzz_json_value.c — any bytes as the value of an input: the first byte chooses the
// type, the rest is the text. jansson must agree on what is JSON.

#include <jansson.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/json.h>

#include "base/text.h"
#include "tests/fuzz/require.h"
#include "tests/support/failing_allocator.h"

struct inner {
    float x;
    char name[4];
    unsigned low : 3;
    int high : 5;
};

struct outer {
    struct inner inner[2];
    const char *text;
    bool flag;
    int64_t number;
    long double real;
};

static const hm_field inner_fields[] = {
        {.name = "x", .type = &hm_type_float, .offset = offsetof(struct inner, x)},
        {.name = "name",
                .type = &hm_type_char,
                .offset = offsetof(struct inner, name),
                .length = 4},
        {.name = "low",
                .type = &hm_type_uint,
                .offset = offsetof(struct inner, name) + 4,
                .bit_width = 3},
        {.name = "high",
                .type = &hm_type_int,
                .offset = offsetof(struct inner, name) + 4,
                .bit_offset = 3,
                .bit_width = 5},
};

static const hm_type inner_type = {.name = "struct inner",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct inner),
        .alignment = alignof(struct inner),
        .fields = inner_fields,
        .field_count = 4};

static const hm_field outer_fields[] = {
        {.name = "inner",
                .type = &inner_type,
                .offset = offsetof(struct outer, inner),
                .length = 2},
        {.name = "text",
                .type = &hm_type_string,
                .offset = offsetof(struct outer, text)},
        {.name = "flag", .type = &hm_type_bool, .offset = offsetof(struct outer, flag)},
        {.name = "number",
                .type = &hm_type_long,
                .offset = offsetof(struct outer, number)},
        {.name = "real",
                .type = &hm_type_longdouble,
                .offset = offsetof(struct outer, real)},
};

static const hm_type outer_type = {.name = "struct outer",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct outer),
        .alignment = alignof(struct outer),
        .fields = outer_fields,
        .field_count = 5};

static const hm_type *const types[] = {&hm_type_double, &hm_type_int, &hm_type_string,
        &hm_type_json, &outer_type, &hm_type_float, &hm_type_longdouble, &hm_type_ulong,
        &hm_type_bool, &hm_type_schar, &inner_type, &hm_type_time_us};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// What was read is written, read again and written again, which must change nothing.
static void check_round_trip(const hm_value *value) {
    hm_text first;
    hm_text second;
    hm_text_init(&first, NULL);
    hm_text_init(&second, NULL);
    REQUIRE(hm_json_write(value, hm_text_write, &first) == HM_OK);
    hm_value again;
    REQUIRE(hm_json_read(first.data, value->type, NULL, &again, NULL) == HM_OK);
    REQUIRE(again.depth == value->depth);
    REQUIRE(hm_json_write(&again, hm_text_write, &second) == HM_OK);
    REQUIRE(strcmp(first.data, second.data) == 0);
    hm_value_release(&again);
    hm_text_finish(&first);
    hm_text_finish(&second);
}

static void fail_once(const char *text, const hm_type *type, size_t fail_at) {
    hm_failing_allocator failing;
    hm_failing_allocator_init(&failing);
    failing.fail_at = fail_at;
    hm_value value;
    REQUIRE(hm_json_read(text, type, &failing.allocator, &value, NULL) == HM_NO_MEMORY);
    REQUIRE(failing.live == 0);
}

// jansson has no numbers as large as JSON allows, and looks for members given twice, so
// it may refuse more; but nothing that we refuse as JSON may it take.
static void ask_jansson(const char *text, size_t length, hm_status status) {
    json_t *value = json_loadb(text, length, JSON_DECODE_ANY, NULL);
    REQUIRE(value == NULL || status == HM_OK);
    json_decref(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) {
        return 0;
    }
    const hm_type *type = types[data[0] % (sizeof types / sizeof *types)];
    char *text = malloc(size);
    REQUIRE(text != NULL);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';

    hm_failing_allocator counting;
    hm_failing_allocator_init(&counting);
    hm_value value;
    hm_error error = {.message = ""};
    hm_status status = hm_json_read(text, type, &counting.allocator, &value, &error);
    if (type == &hm_type_json && size < 500) {
        ask_jansson(text, strlen(text), status);
    }
    if (status == HM_OK) {
        size_t calls = counting.calls;
        check_round_trip(&value);
        hm_value_release(&value);
        if (calls > 0) {
            fail_once(text, type, 1 + size % calls);
        }
    } else {
        REQUIRE(status == HM_BAD_DATA && error.message[0] != '\0');
    }
    REQUIRE(counting.live == 0);
    free(text);
    return 0;
}
