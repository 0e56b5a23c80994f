// take.c — see take.h.

#include "adapters/duckdb/take.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <hamilton/value.h>

#include "adapters/duckdb/numbers.h"
#include "adapters/duckdb/times.h"
#include "base/element.h"
#include "base/utf8.h"

enum { BLOCK = 512, LARGEST_NUMBER = 16 };

void hm_taker_init(hm_taker *taker, const hm_allocator *allocator) {
    *taker = (hm_taker){0};
    hm_arena_init(&taker->arena, allocator);
}

void hm_taker_finish(hm_taker *taker) {
    hm_arena_finish(&taker->arena);
}

static bool is_present(const uint64_t *validity, size_t i) {
    return validity == NULL || (validity[i / 64] >> i % 64 & 1) != 0;
}

static bool run_out(hm_taker *taker) {
    taker->status = HM_NO_MEMORY;
    return false;
}

static bool fail(hm_taker *taker, const char *message) {
    taker->status = HM_BAD_DATA;
    snprintf(taker->message, sizeof taker->message, "%s", message);
    return false;
}

static const char *mend_for_missing(const hm_type *type) {
    if (type->kind == HM_KIND_STRUCT) {
        return "";
    }
    return type->time_unit != HM_TIME_NONE ? "; read it with SQL that fills it in"
                                           : "; take the column as double";
}

// What stands for a missing element, or false if nothing can.
static bool store_missing(hm_taker *taker, const hm_conversion *conversion,
        void *element, bool is_marked) {
    const hm_type *type = conversion->type;
    if (conversion->form == HM_FORM_LIST) {
        *(hm_array *)element = (hm_array){0};
        return true;
    }
    if (type->kind == HM_KIND_STRING) {
        *(const char **)element = "";
        return true;
    }
    if (type->kind == HM_KIND_FLOAT) {
        hm_element_store_nan(element, type->size);
        return true;
    }
    if (!is_marked) {
        taker->status = HM_BAD_DATA;
        snprintf(taker->message, sizeof taker->message,
                "a value is missing, which %s cannot express%s", type->name,
                mend_for_missing(type));
        return false;
    }
    memset(element, 0, conversion->size);
    return true;
}

static void mark_missing(const hm_place *place, size_t i) {
    if (place->bits == NULL) {
        return;
    }
    size_t bit = place->first_bit + i;
    // Relaxed: who reads the bits has waited for all who take.
    atomic_fetch_and_explicit(&place->bits[bit / 8], (unsigned char)~(1U << bit % 8),
            memory_order_relaxed);
    atomic_store_explicit(place->has_missing, true, memory_order_relaxed);
}

// Fills the places of what is missing. How many elements come before one that must not
// be.
static size_t take_missing(hm_taker *taker, const hm_conversion *conversion,
        const uint64_t *validity, size_t first, size_t count, const hm_place *place) {
    for (size_t i = 0; validity != NULL && i < count; i++) {
        if (is_present(validity, first + i)) {
            continue;
        }
        if (!store_missing(taker, conversion, place->elements + i * place->stride,
                    place->bits != NULL)) {
            return i;
        }
        mark_missing(place, i);
    }
    return count;
}

static size_t take_copies(const hm_conversion *conversion, const void *data,
        size_t first, size_t count, const hm_place *place) {
    size_t size = conversion->size;
    const char *from = (const char *)data + first * size;
    if (place->stride == size) {
        memcpy(place->elements, from, count * size);
        return count;
    }
    for (size_t i = 0; i < count; i++) {
        memcpy(place->elements + i * place->stride, from + i * size, size);
    }
    return count;
}

// Numbers or times, side by side. If it takes fewer, the taker says why.
static size_t convert(hm_taker *taker, const hm_conversion *conversion,
        const hm_numbers *numbers, size_t first, size_t count, void *elements) {
    const hm_type *type = conversion->type;
    if (conversion->form == HM_FORM_TIME) {
        char message[HM_TIMES_MESSAGE_SIZE];
        size_t taken = hm_times_take(
                numbers, conversion->unit, first, count, type, elements, message);
        if (taken < count) {
            fail(taker, message);
        }
        return taken;
    }
    size_t taken = hm_numbers_take(numbers, first, count, type, elements);
    if (taken < count) {
        char text[HM_NUMBER_SIZE];
        hm_numbers_show(numbers, first + taken, text);
        taker->status = HM_BAD_DATA;
        bool is_rounded = type->kind == HM_KIND_FLOAT;
        snprintf(taker->message, sizeof taker->message, "%s %s %s%s", text,
                is_rounded ? "is not exactly a value of" : "does not fit", type->name,
                is_rounded ? ": cast it in a query to have it rounded" : "");
    }
    return taken;
}

static size_t take_numbers(hm_taker *taker, const hm_conversion *conversion,
        const hm_numbers *numbers, size_t first, size_t count, const hm_place *place) {
    alignas(LARGEST_NUMBER) char block[BLOCK * LARGEST_NUMBER];
    size_t size = conversion->size;
    for (size_t done = 0; done < count; done += BLOCK) {
        size_t length = count - done < BLOCK ? count - done : BLOCK;
        char *to = place->elements + done * place->stride;
        bool is_apart = place->stride != size;
        size_t taken = convert(taker, conversion, numbers, first + done, length,
                is_apart ? block : to);
        for (size_t i = 0; is_apart && i < taken; i++) {
            memcpy(to + i * place->stride, block + i * size, size);
        }
        if (taken < length) {
            return done + taken;
        }
    }
    return count;
}

static bool copy_text(hm_taker *taker, duckdb_string_t text, const char **copy) {
    uint32_t length = text.value.inlined.length;
    bool is_inlined = length <= sizeof text.value.inlined.inlined;
    const char *data = is_inlined ? text.value.inlined.inlined : text.value.pointer.ptr;
    if (!hm_utf8_is(data, length)) {
        return fail(taker, memchr(data, '\0', length) != NULL
                                   ? "the text contains a NUL byte"
                                   : "the text is not UTF-8");
    }
    *copy = hm_arena_slice(&taker->arena, data, length);
    return *copy != NULL || run_out(taker);
}

// A short text lies in 16 bytes, the unused ones zero.
static bool take_text(hm_taker *taker, duckdb_string_t text, const char **copy) {
    if (text.value.inlined.length > sizeof text.value.inlined.inlined) {
        return copy_text(taker, text, copy);
    }
    uint64_t halves[2];
    memcpy(halves, &text, sizeof halves);
    uint64_t hash = (halves[0] ^ halves[1] * UINT64_C(0xD6E8FEB86659FD93)) *
                    UINT64_C(0x9E3779B97F4A7C15);
    size_t i = hash >> 56; // HM_RECENT_TEXTS are 2^8
    if (taker->recent[i].copy == NULL ||
            memcmp(&taker->recent[i].text, &text, sizeof text) != 0) {
        taker->recent[i].copy = NULL;
        if (!copy_text(taker, text, copy)) {
            return false;
        }
        taker->recent[i].text = text;
        taker->recent[i].copy = *copy;
    }
    *copy = taker->recent[i].copy;
    return true;
}

static size_t take_texts(hm_taker *taker, const void *data, const uint64_t *validity,
        size_t first, size_t count, const hm_place *place) {
    const duckdb_string_t *texts = data;
    for (size_t i = 0; i < count; i++) {
        const char *copy = "";
        if (is_present(validity, first + i) &&
                !take_text(taker, texts[first + i], &copy)) {
            return i;
        }
        memcpy(place->elements + i * place->stride, &copy, sizeof copy);
    }
    return count;
}

static size_t word_at(const hm_conversion *conversion, const void *data, size_t i) {
    switch (conversion->stored) {
    case DUCKDB_TYPE_UTINYINT:
        return ((const uint8_t *)data)[i];
    case DUCKDB_TYPE_USMALLINT:
        return ((const uint16_t *)data)[i];
    default:
        return ((const uint32_t *)data)[i];
    }
}

// The arena that has the words stays as long as the elements.
static size_t take_words(const hm_conversion *conversion, const void *data,
        const uint64_t *validity, size_t first, size_t count, const hm_place *place) {
    for (size_t i = 0; i < count; i++) {
        const char *word = "";
        if (is_present(validity, first + i)) {
            word = conversion->words[word_at(conversion, data, first + i)];
        }
        memcpy(place->elements + i * place->stride, &word, sizeof word);
    }
    return count;
}

// The elements of one list.
static bool take_list(hm_taker *taker, const hm_conversion *element,
        duckdb_vector vector, duckdb_list_entry entry, hm_array *array) {
    *array = (hm_array){.length = entry.length};
    if (entry.length == 0) {
        return true;
    }
    size_t bytes;
    if (__builtin_mul_overflow(entry.length, element->size, &bytes) ||
            (array->data = hm_arena_take(&taker->arena, bytes, alignof(max_align_t))) ==
                    NULL) {
        return run_out(taker);
    }
    atomic_bool has_missing = false;
    hm_place place = {.elements = array->data, .stride = element->size};
    if (hm_conversion_needs_marks(element) &&
            duckdb_vector_get_validity(vector) != NULL) {
        size_t bit_bytes = (entry.length + 7) / 8;
        place.bits = hm_arena_take(&taker->arena, bit_bytes, 1);
        place.has_missing = &has_missing;
        if (place.bits == NULL) {
            return run_out(taker);
        }
        memset((void *)place.bits, 0xFF, bit_bytes);
    }
    if (hm_take(taker, element, vector, entry.offset, entry.length, &place) <
            entry.length) {
        return false;
    }
    array->validity = has_missing ? (uint8_t *)place.bits : NULL;
    return true;
}

static size_t take_lists(hm_taker *taker, const hm_conversion *conversion,
        duckdb_vector vector, size_t first, size_t count, const hm_place *place) {
    size_t length = conversion->list_length;
    const duckdb_list_entry *entries =
            length > 0 ? NULL : duckdb_vector_get_data(vector);
    duckdb_vector inner = length > 0 ? duckdb_array_vector_get_child(vector)
                                     : duckdb_list_vector_get_child(vector);
    const uint64_t *validity = duckdb_vector_get_validity(vector);
    for (size_t i = 0; i < count; i++) {
        size_t at = first + i;
        hm_array array = {0};
        duckdb_list_entry entry =
                length > 0 ? (duckdb_list_entry){at * length, length} : entries[at];
        if (is_present(validity, at) &&
                !take_list(taker, conversion->parts, inner, entry, &array)) {
            return i;
        }
        memcpy(place->elements + i * place->stride, &array, sizeof array);
    }
    return count;
}

// Where the structs of a run are that are all there, as their missing fields must not
// be taken for faults of those that are not.
static size_t take_present_structs(hm_taker *taker, const hm_conversion *conversion,
        duckdb_vector vector, size_t first, size_t count, const hm_place *place) {
    size_t least = count;
    hm_status status = HM_OK;
    char message[sizeof taker->message];
    for (size_t p = 0; p < conversion->part_count; p++) {
        const hm_conversion *part = &conversion->parts[p];
        const hm_place inner = {
                .elements = place->elements + conversion->type->fields[p].offset,
                .stride = place->stride};
        size_t taken = hm_take(taker, part,
                duckdb_struct_vector_get_child(vector, part->member), first, count,
                &inner);
        if (taken < least) {
            least = taken;
            status = taker->status;
            snprintf(message, sizeof message, "member `%.64s`: %.180s",
                    conversion->type->fields[p].name, taker->message);
        }
    }
    if (least < count) {
        taker->status = status;
        memcpy(taker->message, message, sizeof message);
    }
    return least;
}

static size_t take_structs(hm_taker *taker, const hm_conversion *conversion,
        duckdb_vector vector, size_t first, size_t count, const hm_place *place) {
    const uint64_t *validity = duckdb_vector_get_validity(vector);
    size_t done = 0;
    while (done < count) {
        size_t length = 0;
        while (done + length < count && is_present(validity, first + done + length)) {
            length++;
        }
        hm_place run = *place;
        run.elements += done * place->stride;
        size_t taken = take_present_structs(
                taker, conversion, vector, first + done, length, &run);
        if (taken < length) {
            return done + taken;
        }
        done += length + 1; // the one after the run is missing, or beyond the end
    }
    return count;
}

static size_t take_present(hm_taker *taker, const hm_conversion *conversion,
        duckdb_vector vector, size_t first, size_t count, const hm_place *place) {
    const void *data = duckdb_vector_get_data(vector);
    const uint64_t *validity = duckdb_vector_get_validity(vector);
    const hm_numbers numbers = {.stored = conversion->stored,
            .divisor = conversion->divisor,
            .validity = validity,
            .data = data};
    switch (conversion->form) {
    case HM_FORM_COPY:
        return take_copies(conversion, data, first, count, place);
    case HM_FORM_NUMBER:
    case HM_FORM_TIME:
        return take_numbers(taker, conversion, &numbers, first, count, place);
    case HM_FORM_TEXT:
        return take_texts(taker, data, validity, first, count, place);
    case HM_FORM_WORD:
        return take_words(conversion, data, validity, first, count, place);
    case HM_FORM_LIST:
        return take_lists(taker, conversion, vector, first, count, place);
    default:
        return take_structs(taker, conversion, vector, first, count, place);
    }
}

size_t hm_take(hm_taker *taker, const hm_conversion *conversion, duckdb_vector vector,
        size_t first, size_t count, const hm_place *place) {
    size_t taken = take_present(taker, conversion, vector, first, count, place);

    // One that is missing before it is the first fault; what its place has is no
    // reason.
    const uint64_t *validity = duckdb_vector_get_validity(vector);
    return take_missing(taker, conversion, validity, first, taken, place);
}
