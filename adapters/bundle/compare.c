// compare.c — what came out beside what was recorded. Values are equal if their
// canonical bytes are: a NaN is itself, and -0 is not 0.

#include <string.h>

#include <hamilton/json.h>

#include "adapters/bundle/bundle.h"
#include "base/beginning.h"
#include "base/canonical.h"
#include "base/content.h"
#include "base/error.h"
#include "base/json_write.h"
#include "base/validity.h"

enum { SHOWN_ROWS = 5, SHOWN_BYTES = 60 };

typedef struct hm_comparison {
    hm_bundle *bundle;
    hm_sink sink;
    bool is_same;
    hm_status status; // of looking at values
    hm_error *error;
} hm_comparison;

static void put_shortened(hm_sink *sink, const hm_value *value) {
    hm_text text;
    hm_text_init(&text, NULL);
    hm_beginning beginning = {&text, SHOWN_BYTES};
    hm_status status = hm_json_write(value, hm_beginning_write, &beginning);
    (void)status; // HM_IO is the writer's own: enough was shown
    hm_sink_text(sink, text.failed ? "..." : hm_text_get(&text));
    hm_text_finish(&text);
}

// Element i as a value of its own; one that is missing has none.
static bool element_of(const hm_value *value, size_t i, hm_value *element) {
    const hm_array *array = &value->many;
    *element = (hm_value){.type = value->type,
            .depth = value->depth - 1,
            .by_reference = value->by_reference};
    if (!hm_validity_has(array, i)) {
        return false;
    }
    if (value->depth > 1) {
        element->many = ((const hm_array *)array->data)[i];
    } else if (value->by_reference) {
        element->data = ((void *const *)array->data)[i];
    } else {
        element->data = (const char *)array->data + i * value->type->size;
    }
    return true;
}

// True where a value cannot be looked at: then there is a status.
static bool is_equal(hm_comparison *comparison, const hm_value *a, const hm_value *b) {
    hm_form form = hm_form_of(a->type, a->depth, a->by_reference);
    hm_hash first;
    hm_hash second;
    hm_status status = hm_content_of(&form, a, &first, comparison->error);
    if (status == HM_OK) {
        status = hm_content_of(&form, b, &second, comparison->error);
    }
    comparison->status = comparison->status == HM_OK ? status : comparison->status;
    return status != HM_OK || hm_hash_equal(&first, &second);
}

static bool is_element_equal(
        hm_comparison *comparison, const hm_value *a, const hm_value *b, size_t i) {
    hm_value first;
    hm_value second;
    bool has_first = element_of(a, i, &first);
    bool has_second = element_of(b, i, &second);
    return has_first == has_second &&
           (!has_first || is_equal(comparison, &first, &second));
}

// Numbers that look alike may differ in their bits, as one NaN does from another.
static void put_bits(hm_sink *sink, const hm_value *value) {
    static const char digits[] = "0123456789abcdef";
    if (value->type->kind != HM_KIND_FLOAT || value->depth > 0) {
        return;
    }
    const unsigned char *bytes = hm_value_data(value);
    hm_sink_text(sink, " (0x");
    for (size_t i = hm_canonical_number_size(value->type); i-- > 0;) {
        hm_sink_put(sink, &digits[bytes[i] >> 4], 1);
        hm_sink_put(sink, &digits[bytes[i] & 15], 1);
    }
    hm_sink_text(sink, ")");
}

static bool is_nan(const hm_value *value) {
    char text[HM_NUMBER_SIZE];
    if (value->type->kind != HM_KIND_FLOAT || value->depth > 0) {
        return false;
    }
    hm_number_format(value->type, hm_value_data(value), text);
    return strchr("in", text[text[0] == '-']) != NULL;
}

static void put_element(hm_sink *sink, const hm_value *value, bool is_there) {
    if (!is_there) {
        hm_sink_text(sink, "missing");
    } else if (is_nan(value)) {
        char text[HM_NUMBER_SIZE];
        hm_number_format(value->type, hm_value_data(value), text);
        hm_sink_text(sink, text);
        put_bits(sink, value);
    } else {
        put_shortened(sink, value);
    }
}

static void put_pair(hm_sink *sink, const hm_value *before, bool had,
        const hm_value *now, bool has) {
    hm_sink_text(sink, "recorded ");
    put_element(sink, before, had);
    hm_sink_text(sink, ", now ");
    put_element(sink, now, has);
    hm_sink_text(sink, "\n");
}

static void put_rows(
        hm_comparison *comparison, const hm_value *before, const hm_value *now) {
    hm_sink *sink = &comparison->sink;
    size_t length = before->many.length;
    uint64_t differing = 0;
    for (size_t i = 0; i < length; i++) {
        differing += !is_element_equal(comparison, before, now, i);
    }
    hm_sink_count(sink, "", differing);
    hm_sink_count(sink, " of ", length);
    hm_sink_text(sink, differing == 1 ? " rows differs\n" : " rows differ\n");
    uint64_t shown = 0;
    for (size_t i = 0; i < length && shown < SHOWN_ROWS; i++) {
        if (is_element_equal(comparison, before, now, i)) {
            continue;
        }
        hm_value a;
        hm_value b;
        bool had = element_of(before, i, &a);
        bool has = element_of(now, i, &b);
        hm_sink_count(sink, "  row ", i + 1);
        hm_sink_text(sink, ": ");
        put_pair(sink, &a, had, &b, has);
        shown++;
    }
    if (differing > shown) {
        hm_sink_count(sink, "  and ", differing - shown);
        hm_sink_text(sink, " more\n");
    }
}

static void begin_difference(hm_comparison *comparison, const char *name) {
    comparison->is_same = false;
    hm_sink_text(&comparison->sink, name);
    hm_sink_text(&comparison->sink, ": ");
}

static void put_shape(hm_sink *sink, const hm_value *value) {
    if (value->depth < 2) {
        hm_sink_text(sink, value->depth == 0 ? "one value" : "an array");
    } else {
        hm_sink_count(sink, "an array of ", value->depth);
        hm_sink_text(sink, " dimensions");
    }
    hm_sink_text(sink, value->by_reference ? " by reference" : "");
}

static void compare_values(hm_comparison *comparison, const char *name,
        const hm_value *before, const hm_value *now) {
    hm_sink *sink = &comparison->sink;
    if (before->depth != now->depth || before->by_reference != now->by_reference) {
        begin_difference(comparison, name);
        hm_sink_text(sink, "recorded as ");
        put_shape(sink, before);
        hm_sink_text(sink, ", now as ");
        put_shape(sink, now);
        hm_sink_text(sink, "\n");
    } else if (before->depth > 0 && before->many.length != now->many.length) {
        begin_difference(comparison, name);
        hm_sink_count(sink, "recorded with ", before->many.length);
        hm_sink_count(sink, " rows, now with ", now->many.length);
        hm_sink_text(sink, "\n");
    } else if (!is_equal(comparison, before, now)) {
        begin_difference(comparison, name);
        if (before->depth > 0) {
            put_rows(comparison, before, now);
        } else {
            put_pair(sink, before, true, now, true);
        }
    }
}

static void compare_states(hm_comparison *comparison, const hm_bundle_value *kept,
        const hm_value *now, const char *message) {
    hm_sink *sink = &comparison->sink;
    bool had = kept->shown != NULL; // a value, perhaps one that cannot be kept
    if (had && now == NULL) {
        begin_difference(comparison, kept->name);
        hm_sink_text(sink, "recorded ");
        hm_sink_text(sink, kept->shown);
        hm_sink_text(sink, ", now none: ");
        hm_sink_text(sink, message);
        hm_sink_text(sink, "\n");
    } else if (!had && now != NULL) {
        begin_difference(comparison, kept->name);
        hm_sink_text(sink, "recorded none, now ");
        put_shortened(sink, now);
        hm_sink_text(sink, "; recorded was: ");
        hm_sink_text(sink, kept->why);
        hm_sink_text(sink, "\n");
    } else if (!had && strcmp(kept->why, message) != 0) {
        begin_difference(comparison, kept->name);
        hm_sink_text(sink, "failed with another message\n  recorded: ");
        hm_sink_text(sink, kept->why);
        hm_sink_text(sink, "\n  now:      ");
        hm_sink_text(sink, message);
        hm_sink_text(sink, "\n");
    }
}

static hm_status compare_output(hm_comparison *comparison, const hm_bundle_value *kept,
        const hm_value *now, const char *message, hm_error *error) {
    if (now == NULL || kept->file == NULL) {
        compare_states(comparison, kept, now, message);
        return HM_OK;
    }
    hm_value before;
    hm_error said;
    hm_status status =
            hm_bundle_read_value(comparison->bundle, kept, now->type, &before, &said);
    if (status == HM_TYPE_MISMATCH) {
        begin_difference(comparison, kept->name);
        hm_sink_text(&comparison->sink, said.message);
        hm_sink_text(&comparison->sink, "\n");
        return HM_OK;
    }
    if (status != HM_OK) {
        return hm_error_set(error, status, "%s", said.message);
    }
    if (!hm_type_equal(before.type, now->type)) {
        begin_difference(comparison, kept->name);
        hm_sink_text(&comparison->sink, "recorded as ");
        hm_sink_text(&comparison->sink, before.type->name);
        hm_sink_text(&comparison->sink, ", now ");
        hm_sink_text(&comparison->sink, now->type->name);
        hm_sink_text(&comparison->sink, "\n");
        return HM_OK;
    }
    compare_values(comparison, kept->name, &before, now);
    return comparison->status;
}

static hm_status find_result(const hm_results *results, const char *name,
        const hm_value **value, const char **message, hm_error *error) {
    for (size_t i = 0; i < hm_results_count(results); i++) {
        if (strcmp(hm_results_name(results, i), name) == 0) {
            hm_status status = hm_results_status(results, i, message);
            *value = hm_results_value(results, i);
            *message = (*message)[0] != '\0' ? *message : hm_status_text(status);
            return HM_OK;
        }
    }
    return hm_error_set(error, HM_BAD_ARGUMENT,
            "the results have no `%s`, which was recorded", name);
}

hm_status hm_bundle_compare(hm_bundle *bundle, const hm_results *results,
        hm_write *write, void *to, bool *is_same, hm_error *error) {
    hm_comparison comparison = {.bundle = bundle, .is_same = true, .error = error};
    hm_sink_init(&comparison.sink, write, to);
    const hm_bundle_values *outputs = &bundle->content.outputs;
    for (size_t i = 0; i < outputs->count; i++) {
        const hm_value *now = NULL;
        const char *message = "";
        HM_TRY(find_result(results, outputs->items[i].name, &now, &message, error));
        HM_TRY(compare_output(&comparison, &outputs->items[i], now, message, error));
    }
    hm_status status = hm_sink_flush(&comparison.sink);
    if (status != HM_OK) {
        return hm_error_set(error, status, "what differs cannot be written");
    }
    *is_same = comparison.is_same;
    return HM_OK;
}
