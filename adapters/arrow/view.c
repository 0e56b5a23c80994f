// view.c — see view.h.

#include "adapters/arrow/view.h"

#include <stdbool.h>
#include <string.h>

#include "adapters/arrow/bits.h"
#include "base/error.h"

// No array is longer: its size in bytes, or in pointers, is a number then.
static const int64_t LONGEST = INT64_MAX / 64;

static hm_status check_counts(const struct ArrowSchema *schema,
        const struct ArrowArray *array, const hm_arrow_format *format,
        const hm_arrow_place *place, hm_error *error) {
    if (array->length < 0 || array->offset < 0 || array->null_count < -1 ||
            array->length > LONGEST || array->offset > LONGEST) {
        return hm_arrow_fail(error, HM_BAD_DATA, place,
                "an array cannot have length %lld, offset %lld and %lld missing",
                (long long)array->length, (long long)array->offset,
                (long long)array->null_count);
    }
    bool has_more = format->form == HM_ARROW_TEXT_VIEW &&
                    array->n_buffers > (int64_t)format->buffer_count;
    if ((array->n_buffers != (int64_t)format->buffer_count && !has_more) ||
            (array->n_buffers > 0 && array->buffers == NULL)) {
        return hm_arrow_fail(error, HM_BAD_DATA, place,
                "it is %s, which has %zu buffer%s, but the array has %lld%s",
                format->word, format->buffer_count,
                format->buffer_count == 1 ? "" : "s", (long long)array->n_buffers,
                array->buffers == NULL ? ", and none are there" : "");
    }
    if (array->n_children != schema->n_children ||
            (array->n_children > 0 && array->children == NULL)) {
        return hm_arrow_fail(error, HM_BAD_DATA, place,
                "the schema has %lld children, but the array has %lld%s",
                (long long)schema->n_children, (long long)array->n_children,
                array->children == NULL ? ", and none are there" : "");
    }
    if ((schema->dictionary != NULL) != (array->dictionary != NULL)) {
        return hm_arrow_fail(error, HM_BAD_DATA, place,
                "%s has a dictionary, but not the %s",
                schema->dictionary != NULL ? "the schema" : "the array",
                schema->dictionary != NULL ? "array" : "schema");
    }
    return HM_OK;
}

static hm_status check_buffers(const hm_arrow_view *view, hm_error *error) {
    const struct ArrowArray *array = view->array;
    if (view->format.buffer_count > 0 && array->null_count > 0 &&
            array->buffers[0] == NULL) {
        return hm_arrow_fail(error, HM_BAD_DATA, view->place,
                "%lld are missing, but there is no validity bitmap",
                (long long)array->null_count);
    }
    // The bytes of texts are looked at when they are read: if all are empty there need
    // not be any.
    if (view->format.buffer_count > 1 && view->length > 0 &&
            array->buffers[1] == NULL) {
        return hm_arrow_fail(error, HM_BAD_DATA, view->place,
                "%zu elements of %s have no buffer", view->length, view->format.word);
    }
    return HM_OK;
}

static size_t count_missing(const hm_arrow_view *view) {
    if (view->format.form == HM_ARROW_NULL) {
        return view->length;
    }
    const uint8_t *bits = view->array->buffers[0];
    return bits == NULL || view->array->null_count == 0
                   ? 0
                   : hm_bits_zeros(bits, view->start, view->length);
}

hm_status hm_arrow_view_open(hm_arrow_view *view, const struct ArrowSchema *schema,
        const struct ArrowArray *array, size_t start, size_t length,
        const hm_arrow_place *place, hm_error *error) {
    if (array == NULL || array->release == NULL) {
        return hm_arrow_fail(error, HM_BAD_DATA, place,
                "the array is not there, or was released already");
    }
    *view = (hm_arrow_view){.schema = schema,
            .array = array,
            .place = place,
            .format = hm_arrow_format_read(schema->format),
            .length = length};
    HM_TRY(check_counts(schema, array, &view->format, place, error));
    if (start > (size_t)array->length || length > (size_t)array->length - start) {
        return hm_arrow_fail(error, HM_BAD_DATA, place,
                "elements %zu to %zu are wanted, but the array has %lld", start,
                start + length, (long long)array->length);
    }
    view->start = (size_t)array->offset + start;
    HM_TRY(check_buffers(view, error));
    view->missing_count = count_missing(view);
    return HM_OK;
}

const uint8_t *hm_arrow_validity(const hm_arrow_view *view) {
    return view->missing_count > 0 && view->format.buffer_count > 0
                   ? view->array->buffers[0]
                   : NULL;
}

int64_t hm_arrow_offset(const hm_arrow_view *view, size_t index) {
    const char *offsets = view->array->buffers[1];
    size_t at = view->start + index;
    if (view->format.form == HM_ARROW_TEXT || view->format.form == HM_ARROW_LIST) {
        int32_t offset;
        memcpy(&offset, offsets + at * sizeof offset, sizeof offset);
        return offset;
    }
    int64_t offset;
    memcpy(&offset, offsets + at * sizeof offset, sizeof offset);
    return offset;
}

hm_status hm_arrow_offsets(const hm_arrow_view *view, size_t limit, size_t *first,
        size_t *last, hm_error *error) {
    *first = 0;
    *last = 0;
    if (view->length == 0) {
        return HM_OK; // and there may be no offsets
    }
    int64_t before = hm_arrow_offset(view, 0);
    *first = (size_t)before;
    for (size_t i = 0; i < view->length; i++) {
        int64_t after = hm_arrow_offset(view, i + 1);
        if (before < 0 || after < before) {
            return hm_arrow_fail_at(error, view->place, i,
                    "it ends at offset %lld, but begins at %lld", (long long)after,
                    (long long)before);
        }
        before = after;
    }
    *last = (size_t)before;
    if (*last > limit) {
        return hm_arrow_fail(error, HM_BAD_DATA, view->place,
                "its lists end at element %zu, but there are %zu", *last, limit);
    }
    return HM_OK;
}
