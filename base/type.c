// type.c — the types that everybody knows, and when two types are the same.

#include <stdalign.h>
#include <string.h>

#include <hamilton/type.h>

#define X(word, c_name, type, of_kind)                                                 \
    const hm_type hm_type_##word = {                                                   \
            .name = c_name,                                                            \
            .kind = of_kind,                                                           \
            .size = sizeof(type),                                                      \
            .alignment = alignof(type),                                                \
    };
HM_TYPE_LIST(X)
#undef X

#define X(unit, constant)                                                              \
    const hm_type hm_type_time_##unit = {                                              \
            .name = "int64_t in " #unit,                                               \
            .kind = HM_KIND_INT,                                                       \
            .size = sizeof(int64_t),                                                   \
            .alignment = alignof(int64_t),                                             \
            .time_unit = constant,                                                     \
    };
HM_TIME_TYPE_LIST(X)
#undef X

static bool fields_equal(const hm_type *a, const hm_type *b) {
    for (size_t i = 0; i < a->field_count; i++) {
        const hm_field *x = &a->fields[i];
        const hm_field *y = &b->fields[i];
        // Field types are compared by name and size alone: a struct that holds itself
        // by pointer would otherwise have no end.
        if (strcmp(x->name, y->name) != 0 || x->offset != y->offset ||
                x->length != y->length || x->bit_offset != y->bit_offset ||
                x->bit_width != y->bit_width || x->type->kind != y->type->kind ||
                x->type->size != y->type->size ||
                strcmp(x->type->name, y->type->name) != 0) {
            return false;
        }
    }
    return true;
}

bool hm_type_equal(const hm_type *a, const hm_type *b) {
    if (a == b) {
        return true;
    }
    if (strcmp(a->name, b->name) != 0) {
        return false;
    }
    // A type that one module knows by pointer alone is opaque there.
    if (a->kind == HM_KIND_OPAQUE || b->kind == HM_KIND_OPAQUE) {
        return a->size == 0 || b->size == 0 || a->size == b->size;
    }
    return a->kind == b->kind && a->time_unit == b->time_unit && a->size == b->size &&
           a->alignment == b->alignment && a->field_count == b->field_count &&
           fields_equal(a, b);
}
