// members.c — see <hamilton/members.h>. All is checked before anything is written.

#include <string.h>

#include <hamilton/members.h>

#include "adapters/results/pick.h"
#include "base/element.h"
#include "base/error.h"
#include "base/validity.h"

// A member, and the result that goes there.
typedef struct hm_filling {
    const hm_member *member;
    const hm_value *value;
} hm_filling;

static bool is_copied(const hm_member *member) {
    return member->form == HM_MEMBER_ROOM || member->form == HM_MEMBER_ARRAY;
}

static hm_status check_type(const hm_filling *filling, hm_error *error) {
    const hm_member *member = filling->member;
    const hm_type *type = filling->value->type;
    if (!hm_type_equal(type, member->type)) {
        return hm_error_set(error, HM_TYPE_MISMATCH,
                "`%s` is %s, but its member is to be %s", member->name, type->name,
                member->type->name);
    }
    bool is_whole = type->size > 0 && type->kind != HM_KIND_OPAQUE &&
                    type->destroy == NULL && member->form != HM_MEMBER_VIEW;
    if (filling->value->by_reference && !is_whole) {
        return hm_error_set(error, HM_TYPE_MISMATCH,
                "`%s` is %s by reference, which %s; take it from the results as it is",
                member->name, type->name,
                member->form == HM_MEMBER_VIEW ? "no view shows"
                                               : "no member can be a copy of");
    }
    return HM_OK;
}

static hm_status check_shape(const hm_filling *filling, hm_error *error) {
    const hm_member *member = filling->member;
    if ((unsigned)member->form > HM_MEMBER_ARRAY) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "the member of `%s` has the form %u, which there is not", member->name,
                (unsigned)member->form);
    }
    uint32_t depth = filling->value->depth;
    const char *found = depth == 0   ? "one value"
                        : depth == 1 ? "an array"
                                     : "an array of arrays";
    bool fits = member->form == HM_MEMBER_ONE    ? depth == 0
                : member->form == HM_MEMBER_VIEW ? depth == 1
                                                 : depth < 2;
    return fits ? HM_OK
                : hm_error_set(error, HM_SHAPE_MISMATCH,
                          "`%s` is %s, but its member is for %s", member->name, found,
                          member->form == HM_MEMBER_ONE ? "one value" : "an array");
}

// Whether element i is not there: it has no bit, or is a pointer to no object.
static bool is_missing(const hm_value *value, size_t i) {
    return !hm_validity_has(&value->many, i) ||
           (value->by_reference && ((const void *const *)value->many.data)[i] == NULL);
}

// What is missing must be marked, unless NaN is written in its place.
static hm_status check_missing(const hm_filling *filling, hm_error *error) {
    const hm_member *member = filling->member;
    const hm_value *value = filling->value;
    if (value->depth == 0) {
        bool is_there = hm_value_data(value) != NULL;
        return is_there
                       ? HM_OK
                       : hm_error_set(error, HM_BAD_DATA,
                                 "`%s` is no object, but a null pointer", member->name);
    }
    bool is_nan = member->type->kind == HM_KIND_FLOAT && is_copied(member);
    bool has_bits = value->many.validity != NULL || value->by_reference;
    for (size_t i = 0;
            has_bits && !is_nan && !member->has_validity && i < value->many.length;
            i++) {
        if (is_missing(value, i)) {
            return hm_error_set(error, HM_BAD_DATA,
                    "row %zu of `%s` is missing, which its member cannot tell: give it "
                    "a validity_offset",
                    i + 1, member->name);
        }
    }
    return HM_OK;
}

static hm_status check_room(
        const hm_member *member, size_t room, size_t row_count, hm_error *error) {
    size_t there = member->form == HM_MEMBER_ROOM ? room : member->length;
    return !is_copied(member) || row_count <= there
                   ? HM_OK
                   : hm_error_set(error, HM_LENGTH_MISMATCH,
                             "`%s` has %zu rows, but there is room for %zu",
                             member->name, row_count, there);
}

static hm_status find(const hm_results *results, const hm_member *member,
        hm_filling *filling, hm_error *error) {
    filling->member = member;
    return hm_pick_find(results, member->name, &filling->value, error);
}

// Everything that can be wrong; *row_count is what the arrays are long.
static hm_status check(const hm_results *results, const hm_member *members,
        size_t count, size_t *row_count, hm_error *error) {
    hm_filling first = {0}; // of the arrays
    for (size_t i = 0; i < count; i++) {
        hm_filling filling;
        HM_TRY(find(results, &members[i], &filling, error));
        HM_TRY(check_shape(&filling, error));
        HM_TRY(check_type(&filling, error));
        HM_TRY(check_missing(&filling, error));
        if (filling.value->depth == 0) {
            continue;
        }
        first = first.member == NULL ? filling : first;
        if (filling.value->many.length != first.value->many.length) {
            return hm_error_set(error, HM_LENGTH_MISMATCH,
                    "`%s` has %zu rows and `%s` has %zu", first.member->name,
                    first.value->many.length, members[i].name,
                    filling.value->many.length);
        }
    }
    *row_count = first.member != NULL ? first.value->many.length : 1;
    return HM_OK;
}

// Where the elements of a copy go, or its bits.
static void *memory_behind(const void *object, size_t offset) {
    void *memory;
    memcpy(&memory, (const char *)object + offset, sizeof memory);
    return memory;
}

static void copy_elements(const hm_filling *filling, char *to, size_t row_count) {
    const hm_value *value = filling->value;
    size_t size = value->type->size;
    bool is_plain =
            value->depth == 1 && value->many.validity == NULL && !value->by_reference;
    if (is_plain && row_count > 0) {
        memcpy(to, value->many.data, row_count * size);
        return;
    }
    const char *elements = value->many.data;
    for (size_t i = 0; i < row_count; i++) {
        if (value->depth == 0) {
            memcpy(to + i * size, hm_value_data(value), size);
        } else if (is_missing(value, i)) {
            hm_element_store_missing(value->type, to + i * size);
        } else if (value->by_reference) {
            memcpy(to + i * size, ((const void *const *)value->many.data)[i], size);
        } else {
            memcpy(to + i * size, elements + i * size, size);
        }
    }
}

static void copy_validity(const hm_value *value, uint8_t *bits, size_t row_count) {
    memset(bits, 0xFF, (row_count + 7) / 8);
    for (size_t i = 0; value->depth == 1 && i < row_count; i++) {
        if (is_missing(value, i)) {
            hm_validity_clear(bits, i);
        }
    }
}

static void write(const hm_filling *filling, char *object, size_t row_count) {
    const hm_member *member = filling->member;
    const hm_value *value = filling->value;
    char *at = object + member->offset;
    switch (member->form) {
    case HM_MEMBER_ONE:
        memcpy(at, hm_value_data(value), value->type->size);
        return;
    case HM_MEMBER_VIEW:
        memcpy(at, &value->many.data, sizeof value->many.data);
        if (member->has_validity) {
            memcpy(object + member->validity_offset, &value->many.validity,
                    sizeof value->many.validity);
        }
        return;
    case HM_MEMBER_ROOM:
        at = memory_behind(object, member->offset);
        break;
    case HM_MEMBER_ARRAY:
        break;
    }
    copy_elements(filling, at, row_count);
    if (member->has_validity) {
        copy_validity(value, memory_behind(object, member->validity_offset), row_count);
    }
}

hm_status hm_members_fill(const hm_results *results, const hm_member *members,
        size_t member_count, size_t room, void *object, size_t *row_count,
        hm_error *error) {
    size_t rows = 0;
    HM_TRY(check(results, members, member_count, &rows, error));
    for (size_t i = 0; i < member_count; i++) {
        HM_TRY(check_room(&members[i], room, rows, error));
    }
    for (size_t i = 0; i < member_count; i++) {
        hm_filling filling;
        HM_TRY(find(results, &members[i], &filling, error));
        write(&filling, object, rows);
    }
    if (row_count != NULL) {
        *row_count = rows;
    }
    return HM_OK;
}
