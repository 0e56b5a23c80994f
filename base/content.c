// content.c — see content.h.

#include "base/content.h"

#include <stdlib.h>

#include "base/canonical.h"
#include "base/error.h"
#include "base/object.h"

// Recursive, as structs lie in structs; one that holds itself holds a pointer, which is
// an obstacle.
static void add_type(hm_hasher *hasher, const hm_type *type) {
    hm_hasher_add_text(hasher, type->name);
    hm_hasher_add_number(hasher, type->kind);
    hm_hasher_add_number(hasher, type->size);
    hm_hasher_add_number(hasher, type->time_unit);
    if (type->version != NULL) {
        hm_hasher_add_text(hasher, type->version);
    }
    hm_hasher_add_number(hasher, type->field_count);
    for (size_t i = 0; i < type->field_count; i++) {
        const hm_field *field = &type->fields[i];
        hm_hasher_add_text(hasher, field->name);
        hm_hasher_add_number(hasher, field->offset);
        hm_hasher_add_number(hasher, field->length);
        hm_hasher_add_number(hasher, field->bit_offset);
        hm_hasher_add_number(hasher, field->bit_width);
        add_type(hasher, field->type);
    }
}

hm_form hm_form_of(const hm_type *type, uint32_t depth, bool by_reference) {
    hm_hasher hasher;
    hm_hasher_init(&hasher);
    add_type(&hasher, type);
    hm_hasher_add_number(&hasher, depth);
    hm_hasher_add_number(&hasher, by_reference);
    return (hm_form){.type = type,
            .depth = depth,
            .by_reference = by_reference,
            .hash = hm_hasher_get(&hasher)};
}

typedef struct hm_content_sink {
    hm_canonical_sink sink; // the first, so that one is the other
    hm_hasher hasher;
} hm_content_sink;

static hm_hasher *hasher_of(hm_canonical_sink *sink) {
    return &((hm_content_sink *)sink)->hasher;
}

static void add(hm_canonical_sink *sink, const void *bytes, size_t length) {
    hm_hasher_add(hasher_of(sink), bytes, length);
}

// Parts are hashed where they are, at the speed of XXH3; of small ones it costs less to
// take the bytes. How long a part is follows from the length of its array.
static void add_part(hm_canonical_sink *sink, const void *bytes, size_t length) {
    enum { SMALL = 256 };
    if (length <= SMALL) {
        hm_hasher_add(hasher_of(sink), bytes, length);
        return;
    }
    hm_hash part = hm_hash_of(bytes, length);
    hm_hasher_add(hasher_of(sink), &part, sizeof part);
}

static void align(hm_canonical_sink *sink) {
    (void)sink; // nobody reads what is hashed
}

// What the type says that it hashes to goes before what it writes.
static hm_status add_object(
        hm_canonical_sink *sink, const hm_type *type, const void *object) {
    if (type->hash != NULL) {
        hm_hasher_add_number(hasher_of(sink), type->hash(object));
        return HM_OK;
    }
    char *bytes;
    size_t length;
    HM_TRY(hm_object_write(type, object, &bytes, &length));
    hm_hasher_add_number(hasher_of(sink), length);
    add_part(sink, bytes, length);
    free(bytes);
    return HM_OK;
}

hm_status hm_content_of(
        const hm_form *form, const hm_value *value, hm_hash *content, hm_error *error) {
    hm_content_sink sink;
    sink.sink = (hm_canonical_sink){.use = HM_CANONICAL_TO_HASH,
            .add = add,
            .add_part = add_part,
            .align = align,
            .add_object = add_object};
    hm_hasher_init(&sink.hasher);
    hm_hasher_add(&sink.hasher, &form->hash, sizeof form->hash);
    hm_status status = hm_canonical_write(&sink.sink, value);
    if (status != HM_OK) {
        return hm_object_refuse(status, form->type, error);
    }
    *content = hm_hasher_get(&sink.hasher);
    return HM_OK;
}
