// fuzz_arrow.c — the bytes choose record batches, mostly right and now and then with
// something that the interface forbids and a reader can notice. What is imported is
// exported again, whole and as a stream, and imported again, which must print the same.

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <hamilton/arrow.h>

#include "base/text.h"
#include "tests/fuzz/require.h"
#include "tests/support/arrow_builder.h"
#include "tests/support/failing_allocator.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { COLUMNS = 4, MOST_ROWS = 40, DEEPEST = 10 };

typedef struct hm_bytes {
    const uint8_t *at;
    const uint8_t *end;
} hm_bytes;

static unsigned below(hm_bytes *bytes, unsigned limit) {
    return bytes->at < bytes->end ? *bytes->at++ % limit : 0;
}

// One time in so many; never once the bytes are used up.
static bool rarely(hm_bytes *bytes, unsigned times) {
    return below(bytes, times) == times - 1;
}

struct pair {
    double x;
    const char *name;
    short codes[2];
    unsigned flag : 5;
};

static const hm_field pair_fields[] = {
        {.name = "x", .type = &hm_type_double, .offset = offsetof(struct pair, x)},
        {.name = "name",
                .type = &hm_type_string,
                .offset = offsetof(struct pair, name)},
        {.name = "codes",
                .type = &hm_type_short,
                .offset = offsetof(struct pair, codes),
                .length = 2},
        {.name = "flag",
                .type = &hm_type_uint,
                .offset = offsetof(struct pair, codes) + 4,
                .bit_width = 5},
};
static const hm_type pair_type = {.name = "struct pair",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct pair),
        .alignment = alignof(struct pair),
        .fields = pair_fields,
        .field_count = 4};

static const hm_type *const types[] = {NULL, NULL, NULL, NULL, &pair_type,
        &hm_type_double, &hm_type_float, &hm_type_long, &hm_type_int, &hm_type_uchar,
        &hm_type_bool, &hm_type_string, &hm_type_ulonglong, &hm_type_longdouble,
        &hm_type_time_us, &hm_type_time_day, &hm_type_time_s};

// A column, or a part of one, of so many elements; format NULL chooses.
static void build(hm_bytes *bytes, hm_built parent, const char *name,
        const char *format, int64_t length, int depth);

// Buffers that hold so many elements.
static void put_random(hm_bytes *bytes, hm_built built, size_t size) {
    uint8_t content[(MOST_ROWS * 3 + 8) * 8] = {0};
    REQUIRE(size <= sizeof content);
    for (size_t i = 0; i < size && bytes->at < bytes->end; i++) {
        content[i] = *bytes->at++;
    }
    hm_build_buffer(built, content, size);
}

static void put_validity(hm_bytes *bytes, hm_built built, int64_t count) {
    if (rarely(bytes, 2)) {
        put_random(bytes, built, (size_t)(count + 7) / 8);
    } else {
        hm_build_buffer(built, NULL, 0);
    }
}

// Offsets up to limit; now and then some that do not ascend, or are negative.
static int64_t put_offsets(
        hm_bytes *bytes, hm_built built, int64_t count, bool is_large, int64_t limit) {
    int64_t large[MOST_ROWS * 3 + 2] = {0};
    int32_t small[MOST_ROWS * 3 + 2] = {0};
    bool is_wild = rarely(bytes, 16);
    int64_t at = below(bytes, 3);
    at = at < limit ? at : limit;
    for (int64_t i = 0; i <= count; i++) {
        large[i] = at;
        small[i] = (int32_t)at;
        at = is_wild ? (int64_t)below(bytes, 12) - 2 : at + below(bytes, 4);
        at = at < limit ? at : limit;
    }
    if (is_large) {
        hm_build_buffer(built, large, (size_t)(count + 1) * sizeof *large);
    } else {
        hm_build_buffer(built, small, (size_t)(count + 1) * sizeof *small);
    }
    return large[count];
}

static void put_text(hm_bytes *bytes, hm_built built, int64_t count, bool is_large) {
    char content[MOST_ROWS * 4];
    memset(content, 'a', sizeof content);
    for (unsigned i = below(bytes, 8); i > 0; i--) {
        content[below(bytes, 32)] = (char)below(bytes, 256);
    }
    put_offsets(bytes, built, count, is_large, sizeof content);
    hm_build_buffer(built, content, sizeof content);
}

static void put_views(hm_bytes *bytes, hm_built built, int64_t count) {
    enum { LENGTH = 40 };
    char content[LENGTH];
    int32_t views[MOST_ROWS * 3][4] = {{0}};
    memset(content, 'a', sizeof content);
    for (int64_t i = 0; i < count; i++) {
        bool is_wild = rarely(bytes, 16);
        views[i][0] = (int32_t)below(bytes, LENGTH / 2) - (is_wild ? 4 : 0);
        views[i][2] = views[i][0] > 12 ? (int32_t)below(bytes, is_wild ? 5 : 2) : 0;
        views[i][3] = views[i][0] > 12 ? (int32_t)below(bytes, is_wild ? 40 : 20) : 0;
    }
    hm_build_buffer(built, views, (size_t)count * sizeof *views);
    hm_build_buffer(built, content, sizeof content);
    hm_build_buffer(built, content, sizeof content);
    hm_build_buffer(built, (int64_t[]){LENGTH, LENGTH}, 2 * sizeof(int64_t));
}

static void build_pair(hm_bytes *bytes, hm_built built, int64_t count, int depth) {
    static const char *const names[] = {"x", "name", "codes", "flag", "other"};
    static const char *const formats[] = {"f", "u", "+w:2", "C", "i"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        build(bytes, built, names[i], rarely(bytes, 16) ? NULL : formats[i], count,
                depth + 1);
    }
}

static const struct {
    const char *format;
    unsigned size; // of a number
} formats[] = {{"g", 8}, {"i", 4}, {"u", 0}, {"+l", 0}, {"b", 0}, {"l", 8}, {"c", 1},
        {"C", 1}, {"s", 2}, {"S", 2}, {"I", 4}, {"L", 8}, {"f", 4}, {"tdD", 4},
        {"tsu:", 8}, {"U", 0}, {"+L", 0}, {"+w:2", 0}, {"+w:0", 0}, {"+s", 0}, {"n", 0},
        {"vu", 0}, {"+m", 0}, {"+w:", 0}, {"x", 0}, {"", 0}, {"tss:", 8},
        {"tsn:UTC", 8}, {"tdm", 8}, {"tDu", 8}};

static unsigned size_of(const char *format) {
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (strcmp(formats[i].format, format) == 0) {
            return formats[i].size;
        }
    }
    return 0;
}

static void build_contents(
        hm_bytes *bytes, hm_built built, const char *format, int64_t count, int depth) {
    bool is_large = *format == 'U' || strcmp(format, "+L") == 0;
    if (strcmp(format, "n") == 0) {
        return;
    }
    put_validity(bytes, built, count);
    if (strcmp(format, "vu") == 0) {
        put_views(bytes, built, count);
    } else if (*format == 'u' || *format == 'U') {
        put_text(bytes, built, count, is_large);
    } else if (strcmp(format, "+l") == 0 || is_large) {
        int64_t items = put_offsets(bytes, built, count, is_large, MOST_ROWS * 2);
        items = items > 0 ? items : 0;
        items = rarely(bytes, 16) ? items / 2 : items;
        build(bytes, built, "item", NULL, items, depth + 1);
    } else if (strcmp(format, "+w:2") == 0 || strcmp(format, "+w:0") == 0) {
        int64_t items = format[3] == '2' ? count * 2 : 0;
        bool is_short = items > 0 && rarely(bytes, 16);
        bool fits = items <= MOST_ROWS * 2;
        build(bytes, built, "item", fits ? NULL : "n", items - is_short, depth + 1);
    } else if (strcmp(format, "+s") == 0) {
        build_pair(bytes, built, count, depth);
    } else if (*format == 'b') {
        put_random(bytes, built, (size_t)(count + 7) / 8);
    } else {
        put_random(bytes, built, (size_t)count * size_of(format));
    }
}

// What a reader can notice: nothing that makes buffers seem longer than they are.
static void spoil(hm_bytes *bytes, hm_built built) {
    struct ArrowArray *array = built.array;
    struct ArrowSchema *schema = built.schema;
    switch (below(bytes, 14)) {
    case 0:
        array->length = -1 - (int64_t)below(bytes, 3);
        break;
    case 1:
        array->length = rarely(bytes, 2) ? INT64_MAX : array->length / 2;
        break;
    case 2:
        array->offset = rarely(bytes, 2) ? -1 : INT64_MAX;
        break;
    case 3:
        array->null_count = (int64_t)below(bytes, 5) - 3;
        break;
    case 4:
        array->n_buffers = (int64_t)below(bytes, 4) - 1;
        array->buffers = rarely(bytes, 4) ? NULL : array->buffers;
        break;
    case 5:
        array->n_children = (int64_t)below(bytes, 3) - 1;
        break;
    case 6:
        schema->n_children = (int64_t)below(bytes, 3) - 1;
        break;
    case 7:
        for (int64_t i = 0; i < array->n_buffers; i++) {
            array->buffers[i] = rarely(bytes, 2) ? NULL : array->buffers[i];
        }
        break;
    case 8:
        schema->format = NULL;
        break;
    case 9:
        schema->name = NULL;
        break;
    case 10:
        array->dictionary = NULL;
        break;
    case 11:
        schema->dictionary = NULL;
        break;
    case 12:
        array->children = NULL;
        break;
    default:
        schema->children = NULL;
        break;
    }
}

static void build(hm_bytes *bytes, hm_built parent, const char *name,
        const char *format, int64_t length, int depth) {
    unsigned choices = sizeof formats / sizeof *formats;
    if (format == NULL) {
        unsigned choice =
                below(bytes, 2) == 0 ? below(bytes, 4) : below(bytes, choices);
        format = depth < DEEPEST ? formats[choice].format : "i";
    }
    int64_t offset = below(bytes, 8) == 7 ? below(bytes, 10) : 0;
    offset = length + offset <= MOST_ROWS * 2 ? offset : 0;
    hm_built built = hm_build_child(parent, name, format, length);
    bool is_dictionary = size_of(format) > 0 && depth < DEEPEST && rarely(bytes, 8);
    build_contents(bytes, built, format, offset + length, depth);
    built.array->offset = offset;
    if (is_dictionary) {
        bool is_text = rarely(bytes, 2);
        int64_t count = below(bytes, 5);
        hm_built values = hm_build_dictionary(built, is_text ? "u" : "f", count);
        build_contents(bytes, values, is_text ? "u" : "f", count, depth + 1);
    }
    if (rarely(bytes, 32)) {
        spoil(bytes, built);
    }
}

// Such a batch, and what is wanted of it, from the same bytes each time.
typedef struct hm_batch {
    struct ArrowSchema schema;
    struct ArrowArray array;
    hm_column wanted[COLUMNS];
} hm_batch;

static void build_batch(hm_bytes bytes, hm_batch *batch) {
    static const char *const names[COLUMNS] = {"a", "b", "c", "d"};
    int64_t length = below(&bytes, MOST_ROWS / 2);
    hm_built whole = hm_build(&batch->schema, &batch->array, length);
    unsigned count = 1 + below(&bytes, COLUMNS);
    for (unsigned i = 0; i < COLUMNS; i++) {
        batch->wanted[i] = (hm_column){
                names[i], types[below(&bytes, sizeof types / sizeof *types)]};
        if (i < count) {
            build(&bytes, whole, names[i], NULL, length, 0);
        }
    }
    if (rarely(&bytes, 32)) {
        spoil(&bytes, whole);
    }
}

static hm_status import(hm_bytes bytes, const hm_allocator *allocator,
        hm_arrow_columns **columns, hm_error *error) {
    hm_batch batch;
    build_batch(bytes, &batch);
    hm_arrow_import_options options = HM_ARROW_IMPORT_OPTIONS_INIT;
    options.columns = batch.wanted;
    options.column_count = COLUMNS;
    options.allocator = allocator;
    hm_status status =
            hm_arrow_import(&options, &batch.schema, &batch.array, columns, error);
    REQUIRE((status == HM_OK) == (batch.array.release == NULL));
    batch.schema.release(&batch.schema);
    if (status != HM_OK) {
        batch.array.release(&batch.array);
    }
    return status;
}

static void print(const hm_arrow_columns *columns, hm_text *text) {
    hm_text_clear(text);
    REQUIRE(columns->count == 0 || // which no table can be
            hm_table_print(HM_FORMAT_NDJSON, columns->bindings, columns->count,
                    hm_text_write, text, NULL) == HM_OK);
}

// The same types as before.
static hm_arrow_import_options options_like(
        const hm_arrow_columns *columns, hm_column wanted[COLUMNS]) {
    for (size_t i = 0; i < columns->count; i++) {
        wanted[i] =
                (hm_column){columns->bindings[i].name, columns->bindings[i].value.type};
    }
    hm_arrow_import_options options = HM_ARROW_IMPORT_OPTIONS_INIT;
    options.columns = wanted;
    options.column_count = columns->count;
    return options;
}

static void check_same(hm_arrow_columns *again, const char *expected, hm_text *text) {
    print(again, text);
    REQUIRE(strcmp(hm_text_get(text), expected) == 0);
    hm_arrow_columns_destroy(again);
}

static void go_round(hm_arrow_columns *columns, size_t batch_rows) {
    hm_text first;
    hm_text second;
    hm_text_init(&first, NULL);
    hm_text_init(&second, NULL);
    print(columns, &first);
    hm_column wanted[COLUMNS];
    hm_arrow_import_options in = options_like(columns, wanted);
    hm_arrow_export_options out = HM_ARROW_EXPORT_OPTIONS_INIT;
    out.batch_rows = batch_rows;
    struct ArrowSchema schema;
    struct ArrowArray array;
    hm_arrow_columns *again;
    hm_status status = hm_arrow_export(
            &out, columns->bindings, columns->count, &schema, &array, NULL);
    REQUIRE(status == HM_OK || status == HM_TYPE_MISMATCH || // long double
            status == HM_BAD_DATA);                          // days beyond 32 bits
    if (status == HM_OK) {
        REQUIRE(hm_arrow_import(&in, &schema, &array, &again, NULL) == HM_OK);
        schema.release(&schema);
        check_same(again, hm_text_get(&first), &second);
        struct ArrowArrayStream stream;
        out.takes_over = true;
        REQUIRE(hm_arrow_export_stream(&out, columns->bindings, columns->count, &stream,
                        NULL) == HM_OK);
        REQUIRE(hm_arrow_import_stream(&in, &stream, &again, NULL) == HM_OK);
        stream.release(&stream);
        check_same(again, hm_text_get(&first), &second);
    }
    hm_text_finish(&first);
    hm_text_finish(&second);
}

static void fail_once(hm_bytes bytes, size_t calls, size_t seed) {
    for (int for_good = 0; for_good < 2; for_good++) {
        hm_failing_allocator failing;
        hm_failing_allocator_init(&failing);
        failing.fail_at = 1 + seed * 31 % calls;
        failing.for_good = for_good == 1;
        hm_arrow_columns *columns;
        REQUIRE(import(bytes, &failing.allocator, &columns, NULL) == HM_NO_MEMORY);
        REQUIRE(failing.live == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    hm_bytes bytes = {data, data + size};
    hm_failing_allocator counting;
    hm_failing_allocator_init(&counting);
    hm_arrow_columns *columns;
    hm_error error = {.message = ""};
    hm_status status = import(bytes, &counting.allocator, &columns, &error);
    size_t calls = counting.calls;
    if (status != HM_OK) {
        REQUIRE(status == HM_BAD_DATA || status == HM_TYPE_MISMATCH ||
                status == HM_DUPLICATE_NAME);
        REQUIRE(error.status == status && error.message[0] != '\0');
    } else {
        go_round(columns, 1 + size % 7);
        hm_arrow_columns_destroy(columns);
        fail_once(bytes, calls, size);
    }
    REQUIRE(counting.live == 0);
    REQUIRE(hm_built_arrays == 0 && hm_built_schemas == 0);
    return 0;
}
