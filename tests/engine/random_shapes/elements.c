// elements.c — see elements.h.

#include "tests/engine/random_shapes/elements.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct object {
    long number;
};

struct pair {
    char tag;
    long number;
    const char *nothing;
};

struct wide {
    alignas(128) long number;
    char rest[200];
};

atomic_long live_count; // texts, objects and arrays that functions gave

void *give(size_t size) {
    atomic_fetch_add(&live_count, 1);
    return aligned_alloc(alignof(struct wide), (size + 127) / 128 * 128);
}

void end_given(void *memory) {
    atomic_fetch_sub(&live_count, 1);
    free(memory);
}

static const hm_type object_type = {
        .name = "struct object", .kind = HM_KIND_OPAQUE, .destroy = end_given};
static const hm_type pair_type = {.name = "struct pair",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct pair),
        .alignment = alignof(struct pair)};
static const hm_type wide_type = {.name = "struct wide",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct wide),
        .alignment = alignof(struct wide)};
const hm_type *const types[CLASSES] = {
        &hm_type_double, &hm_type_string, &object_type, &pair_type, &wide_type};

size_t size_of(enum class class) {
    return class == OBJECT ? sizeof(void *) : types[class]->size;
}

// Elements are where a slot or an array has them: an object's is a pointer.
long read_element(enum class class, const void *at) {
    const char *text;
    switch (class) {
    case NUMBER:
        return (long)*(const double *)at;
    case TEXT:
        text = *(const char *const *)at;
        return atol(text + strspn(text, "z"));
    case OBJECT:
        return (*(const struct object *const *)at)->number;
    case STRUCT:
        return ((const struct pair *)at)->number;
    default:
        return ((const struct wide *)at)->number;
    }
}

void write_element(enum class class, void *at, long number, void *(*allocate)(size_t)) {
    switch (class) {
    case NUMBER:
        *(double *)at = (double)number;
        break;
    case TEXT:
        *(char **)at = allocate(16);
        snprintf(*(char **)at, 16, "%.*s%ld", (int)(number % 4), "zzz", number);
        break;
    case OBJECT:
        *(struct object **)at = allocate(sizeof(struct object));
        (*(struct object **)at)->number = number;
        break;
    case STRUCT:
        *(struct pair *)at = (struct pair){.tag = 'p', .number = number};
        break;
    default:
        *(struct wide *)at = (struct wide){.number = number};
        break;
    }
}

void borrow_element(enum class class, void *at, const void *from) {
    if (class == TEXT) {
        const char *text = *(const char *const *)from;
        *(const char **)at = text + (*text == 'z');
    } else {
        memcpy(at, from, sizeof(void *));
    }
}
