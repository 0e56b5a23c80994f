// check_type.c — see check_type.h. Structs are walked with a stack of our own, since a
// type that was filled by hand may contain itself.

#include "graph/check_type.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"

void hm_type_checker_init(hm_type_checker *checker, hm_arena *arena) {
    *checker = (hm_type_checker){.arena = arena};
}

static hm_known_type *probe(const hm_type_checker *checker, const hm_type *type) {
    size_t mask = checker->slot_count - 1;
    size_t at = (size_t)(((uintptr_t)type * 0x9e3779b97f4a7c15u) >> 32) & mask;
    while (checker->known[at].type != NULL && checker->known[at].type != type) {
        at = (at + 1) & mask;
    }
    return &checker->known[at];
}

static bool grow(hm_type_checker *checker) {
    hm_type_checker grown = {.arena = checker->arena};
    grown.slot_count = checker->slot_count == 0 ? 32 : checker->slot_count * 2;
    grown.known = hm_arena_array(checker->arena, grown.slot_count, sizeof *grown.known);
    if (grown.known == NULL) {
        return false;
    }
    for (size_t i = 0; i < checker->slot_count; i++) {
        if (checker->known[i].type != NULL) {
            *probe(&grown, checker->known[i].type) = checker->known[i];
        }
    }
    checker->known = grown.known;
    checker->slot_count = grown.slot_count;
    return true;
}

// The slot of a type, whose own `type` is NULL if it is new; NULL if memory ran out.
// Valid until the next call.
static hm_known_type *look_up(hm_type_checker *checker, const hm_type *type) {
    if (checker->used * 2 >= checker->slot_count && !grow(checker)) {
        return NULL;
    }
    return probe(checker, type);
}

static hm_status refuse(hm_type_checker *checker, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

static hm_status refuse(hm_type_checker *checker, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(checker->fault, sizeof checker->fault, format, arguments);
    va_end(arguments);
    return HM_BAD_MODULE;
}

static bool has_size(const hm_type *type, size_t size) {
    return type->size == size;
}

static bool size_suits_kind(const hm_type *type) {
    switch (type->kind) {
    case HM_KIND_BOOL:
        return has_size(type, sizeof(bool));
    case HM_KIND_INT:
    case HM_KIND_UINT:
        return has_size(type, 1) || has_size(type, 2) || has_size(type, 4) ||
               has_size(type, 8);
    case HM_KIND_FLOAT:
        return has_size(type, sizeof(float)) || has_size(type, sizeof(double)) ||
               has_size(type, sizeof(long double));
    case HM_KIND_STRING:
        return has_size(type, sizeof(char *));
    case HM_KIND_STRUCT:
        return type->size > 0;
    case HM_KIND_OPAQUE:
        return true;
    case HM_KIND_JSON:
        break;
    }
    return false;
}

enum { LARGEST_ALIGNMENT = 4096 };

static bool alignment_suits_size(const hm_type *type) {
    uint32_t alignment = type->alignment;
    if (type->size == 0) {
        return true;
    }
    return alignment > 0 && (alignment & (alignment - 1)) == 0 &&
           alignment <= LARGEST_ALIGNMENT && type->size % alignment == 0;
}

// The type itself, without its fields.
static hm_status check_alone(hm_type_checker *checker, const hm_type *type) {
    if (type->name == NULL || type->name[0] == '\0') {
        return refuse(checker, "its type has no name");
    }
    if ((unsigned)type->kind > HM_KIND_JSON) {
        return refuse(checker, "its type `%s` is of unknown kind %u", type->name,
                (unsigned)type->kind);
    }
    if (type->kind == HM_KIND_JSON) {
        return refuse(
                checker, "its type is JSON, which is only for values from outside");
    }
    if (!size_suits_kind(type)) {
        return refuse(checker,
                "its type `%s` has a size of %u bytes, which its kind cannot have",
                type->name, type->size);
    }
    if (!alignment_suits_size(type)) {
        return refuse(checker, "its type `%s` of %u bytes has an alignment of %u",
                type->name, type->size, type->alignment);
    }
    if ((unsigned)type->time_unit > HM_TIME_NS ||
            (type->time_unit != HM_TIME_NONE &&
                    (type->kind != HM_KIND_INT || !has_size(type, sizeof(int64_t))))) {
        return refuse(checker,
                "its type `%s` is a time of unknown unit, or a time and no int64_t",
                type->name);
    }
    if (type->field_count > 0 && type->kind != HM_KIND_STRUCT) {
        return refuse(checker, "its type `%s` has fields and is no struct", type->name);
    }
    if (type->field_count > 0 && type->fields == NULL) {
        return refuse(checker, "its type `%s` counts %zu fields and has none",
                type->name, type->field_count);
    }
    return HM_OK;
}

static bool bits_fit(const hm_field *field) {
    const hm_type *type = field->type;
    if (field->bit_width == 0) {
        return field->bit_offset == 0;
    }
    return field->length == 0 && type->kind <= HM_KIND_UINT &&
           field->bit_width <= 8 * type->size;
}

// The bytes that a field takes, or SIZE_MAX.
static size_t bytes_of(const hm_field *field) {
    if (field->bit_width > 0) {
        return ((size_t)field->bit_offset + field->bit_width + 7) / 8;
    }
    size_t bytes;
    return __builtin_mul_overflow(field->type->size,
                   field->length > 0 ? field->length : (size_t)1, &bytes)
                   ? SIZE_MAX
                   : bytes;
}

// A field whose type is checked already.
static hm_status check_field(
        hm_type_checker *checker, const hm_type *type, const hm_field *field) {
    if (!bits_fit(field)) {
        return refuse(checker, "its type `%s`: field `%s` is no possible bit-field",
                type->name, field->name);
    }
    if (field->type->size == 0) {
        return refuse(checker, "its type `%s`: field `%s` is of a type without a size",
                type->name, field->name);
    }
    size_t bytes = bytes_of(field);
    if (bytes > type->size || field->offset > type->size - bytes) {
        return refuse(checker,
                "its type `%s`: field `%s` does not fit into the %u bytes", type->name,
                field->name, type->size);
    }
    return HM_OK;
}

// A struct on the way from the type to its innermost field.
typedef struct hm_type_step {
    const hm_type *type;
    size_t next_field;
    uint32_t height; // of the fields so far
} hm_type_step;

typedef struct hm_type_walk {
    hm_type_checker *checker;
    hm_type_step steps[HM_TYPE_DEEPEST];
    uint32_t depth;
} hm_type_walk;

static hm_status enter(hm_type_walk *walk, const hm_type *type) {
    hm_type_checker *checker = walk->checker;
    hm_known_type *known = look_up(checker, type);
    if (known == NULL) {
        return HM_NO_MEMORY;
    }
    *known = (hm_known_type){type, 0};
    checker->used++;
    if (walk->depth == HM_TYPE_DEEPEST) {
        return refuse(checker,
                "its type `%s` has more than %d structs inside each other",
                walk->steps[0].type->name, HM_TYPE_DEEPEST);
    }
    walk->steps[walk->depth++] = (hm_type_step){.type = type};
    return check_alone(checker, type);
}

static void leave(hm_type_walk *walk) {
    const hm_type_step *step = &walk->steps[--walk->depth];
    uint32_t height = step->height + 1;
    probe(walk->checker, step->type)->height = height;
    if (walk->depth > 0) {
        hm_type_step *outer = &walk->steps[walk->depth - 1];
        outer->height = outer->height > height ? outer->height : height;
    }
}

static hm_status next_field(hm_type_walk *walk) {
    hm_type_checker *checker = walk->checker;
    hm_type_step *step = &walk->steps[walk->depth - 1];
    const hm_field *field = &step->type->fields[step->next_field];
    if (field->name == NULL || field->name[0] == '\0' || field->type == NULL) {
        return refuse(checker, "its type `%s`: field %zu has no %s", step->type->name,
                step->next_field, field->type == NULL ? "type" : "name");
    }
    const hm_known_type *known = look_up(checker, field->type);
    if (known == NULL) {
        return HM_NO_MEMORY;
    }
    if (known->type == NULL) {
        return enter(walk, field->type);
    }
    if (known->height == 0) {
        return refuse(checker,
                "its type `%s` contains itself, or a type that is wrong, as `%s`",
                step->type->name, field->name);
    }
    if (walk->depth + known->height > HM_TYPE_DEEPEST) {
        return refuse(checker,
                "its type `%s` has more than %d structs inside each other",
                walk->steps[0].type->name, HM_TYPE_DEEPEST);
    }
    step->height = step->height > known->height ? step->height : known->height;
    step->next_field++;
    return check_field(checker, step->type, field);
}

hm_status hm_type_check(hm_type_checker *checker, const hm_type *type) {
    if (type == NULL) {
        return refuse(checker, "it has no type");
    }
    const hm_known_type *known = look_up(checker, type);
    if (known == NULL) {
        return HM_NO_MEMORY;
    }
    if (known->type != NULL) {
        checker->fault[0] = '\0';
        return known->height > 0 ? HM_OK : HM_BAD_MODULE;
    }
    hm_type_walk walk = {.checker = checker};
    HM_TRY(enter(&walk, type));
    while (walk.depth > 0) {
        const hm_type_step *step = &walk.steps[walk.depth - 1];
        if (step->next_field < step->type->field_count) {
            HM_TRY(next_field(&walk));
        } else {
            leave(&walk);
        }
    }
    return HM_OK;
}
