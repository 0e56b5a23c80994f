// shape.c — see shape.h.

#include "adapters/arrow/shape.h"

#include <stdbool.h>
#include <string.h>

#include "adapters/arrow/widen.h"
#include "base/error.h"

static hm_status find_shape(const struct ArrowSchema *schema, const hm_type *wanted,
        const hm_arrow_place *place, size_t depth, hm_arrow_shape *shape,
        hm_error *error);

// Whether a schema is there, with the children that it counts.
static hm_status check_schema(const struct ArrowSchema *schema,
        const hm_arrow_place *place, hm_error *error) {
    if (schema == NULL || schema->release == NULL) {
        return hm_arrow_fail(error, HM_BAD_DATA, place,
                "the schema is not there, or was released already");
    }
    if (schema->format == NULL || schema->n_children < 0 ||
            (schema->n_children > 0 && schema->children == NULL)) {
        return hm_arrow_fail(error, HM_BAD_DATA, place,
                "the schema has no format, or not the children that it counts");
    }
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (schema->children[i] == NULL || schema->children[i]->release == NULL) {
            return hm_arrow_fail(error, HM_BAD_DATA, place,
                    "child %lld of the schema is not there, or was released already",
                    (long long)i + 1);
        }
    }
    return HM_OK;
}

int64_t hm_arrow_child(const struct ArrowSchema *schema, const char *name) {
    int64_t i = 0;
    while (i < schema->n_children && (schema->children[i]->name == NULL ||
                                             strcmp(schema->children[i]->name, name))) {
        i++;
    }
    return i;
}

static bool is_list(const hm_arrow_format *format) {
    return format->form == HM_ARROW_LIST || format->form == HM_ARROW_LARGE_LIST ||
           format->form == HM_ARROW_FIXED_LIST;
}

// Instants become times of any unit, and numbers times that they count; how long
// something takes is no time.
static bool number_fits(const hm_arrow_format *format, const hm_type *type) {
    bool is_time = type->time_unit != HM_TIME_NONE;
    return format->type->time_unit != HM_TIME_NONE
                   ? is_time
                   : hm_number_widens(format->stored, type) &&
                             !(is_time && format->is_span);
}

static bool fits(const hm_arrow_format *format, const hm_type *type) {
    switch (format->form) {
    case HM_ARROW_NULL:
        return type->kind <= HM_KIND_STRING;
    case HM_ARROW_BOOL:
        return type->kind == HM_KIND_BOOL;
    case HM_ARROW_NUMBER:
        return number_fits(format, type);
    default:
        return type->kind == HM_KIND_STRING;
    }
}

static bool is_number(const hm_type *type) {
    return type->kind == HM_KIND_INT || type->kind == HM_KIND_UINT ||
           type->kind == HM_KIND_FLOAT;
}

// What is wrong with numbers that are wanted for numbers, as a clause.
static const char *fault_of(const hm_arrow_format *format, const hm_type *wanted) {
    bool is_span = format->is_span && wanted->time_unit != HM_TIME_NONE;
    if (format->form != HM_ARROW_NUMBER || !is_number(wanted) || is_span) {
        return "";
    }
    return format->type->time_unit != HM_TIME_NONE
                   ? ", which does not say what it counts"
                   : ", which does not hold all of its values";
}

static hm_status find_value(const hm_arrow_format *format, const hm_type *wanted,
        const hm_arrow_place *place, hm_arrow_shape *shape, hm_error *error) {
    if (wanted != NULL && !fits(format, wanted)) {
        return hm_arrow_fail(error, HM_TYPE_MISMATCH, place,
                "it is %s, but %s is wanted%s; take it as %s, or cast it where it "
                "comes from",
                format->word, wanted->name, fault_of(format, wanted),
                format->type->name);
    }
    shape->type = wanted != NULL ? wanted : format->type;
    shape->depth = 0;
    return HM_OK;
}

// A field that is an array takes lists of its length; any other what its type takes.
static hm_status check_field(const struct ArrowSchema *child, const hm_field *field,
        const hm_arrow_place *place, size_t depth, hm_error *error) {
    if (field->length > 0) {
        HM_TRY(check_schema(child, place, error));
        hm_arrow_format format = hm_arrow_format_read(child->format);
        if (format.form != HM_ARROW_FIXED_LIST || child->dictionary != NULL ||
                child->n_children != 1 || format.list_length != field->length) {
            return hm_arrow_fail(error, HM_TYPE_MISMATCH, place,
                    "it is %s, but a field of %zu elements takes a fixed-size list of "
                    "as many",
                    format.word, field->length);
        }
        child = child->children[0];
        depth++;
    }
    hm_arrow_shape shape;
    HM_TRY(find_shape(child, field->type, place, depth, &shape, error));
    if (shape.depth > 0) {
        return hm_arrow_fail(error, HM_TYPE_MISMATCH, place,
                "it is a list, but the field is one %s", field->type->name);
    }
    return HM_OK;
}

static hm_status find_struct(const struct ArrowSchema *schema, const hm_type *wanted,
        const hm_arrow_place *place, size_t depth, hm_arrow_shape *shape,
        hm_error *error) {
    if (wanted == NULL || wanted->kind != HM_KIND_STRUCT) {
        return hm_arrow_fail(error, HM_TYPE_MISMATCH, place,
                "it is a struct, but %s is wanted; say the C struct that it becomes",
                wanted != NULL ? wanted->name : "no particular type");
    }
    for (size_t i = 0; i < wanted->field_count; i++) {
        const hm_field *field = &wanted->fields[i];
        int64_t child = hm_arrow_child(schema, field->name);
        if (child == schema->n_children) {
            return hm_arrow_fail(error, HM_TYPE_MISMATCH, place,
                    "it has no field `%s`, which %s has", field->name, wanted->name);
        }
        hm_arrow_place below = {place, field->name};
        HM_TRY(check_field(schema->children[child], field, &below, depth + 1, error));
    }
    shape->type = wanted;
    shape->depth = 0;
    return HM_OK;
}

static hm_status find_list(const struct ArrowSchema *schema, const hm_type *wanted,
        const hm_arrow_place *place, size_t depth, hm_arrow_shape *shape,
        hm_error *error) {
    if (schema->n_children != 1) {
        return hm_arrow_fail(error, HM_BAD_DATA, place,
                "a list has one child, but the schema has %lld",
                (long long)schema->n_children);
    }
    hm_arrow_place below = {place, NULL};
    HM_TRY(find_shape(schema->children[0], wanted, &below, depth + 1, shape, error));
    shape->depth++;
    return HM_OK;
}

static hm_status find_shape(const struct ArrowSchema *schema, const hm_type *wanted,
        const hm_arrow_place *place, size_t depth, hm_arrow_shape *shape,
        hm_error *error) {
    HM_TRY(check_schema(schema, place, error));
    if (depth > HM_ARROW_DEEPEST) {
        return hm_arrow_fail(error, HM_BAD_DATA, place,
                "lists and structs are more than %d deep in one another",
                HM_ARROW_DEEPEST);
    }
    hm_arrow_format format = hm_arrow_format_read(schema->format);
    if (format.form == HM_ARROW_UNKNOWN) {
        return hm_arrow_fail(error, HM_TYPE_MISMATCH, place,
                "it is %s (format \"%s\"), which has no place here: %s", format.word,
                schema->format, format.mend);
    }
    if (schema->dictionary != NULL) {
        if (format.form != HM_ARROW_NUMBER || format.stored->kind == HM_KIND_FLOAT) {
            return hm_arrow_fail(error, HM_BAD_DATA, place,
                    "its indexes into a dictionary are %s, but they must be integers",
                    format.word);
        }
        return find_shape(schema->dictionary, wanted, place, depth + 1, shape, error);
    }
    if (format.form == HM_ARROW_STRUCT) {
        return find_struct(schema, wanted, place, depth, shape, error);
    }
    if (is_list(&format)) {
        return find_list(schema, wanted, place, depth, shape, error);
    }
    return find_value(&format, wanted, place, shape, error);
}

hm_status hm_arrow_shape_find(const struct ArrowSchema *schema, const hm_type *wanted,
        const hm_arrow_place *place, hm_arrow_shape *shape, hm_error *error) {
    return find_shape(schema, wanted, place, 0, shape, error);
}
