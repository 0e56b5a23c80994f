// pack.c — a value is walked twice: to count its bytes, and to write them. What its
// type writes itself is asked for once, and kept from the first walk to the second.

#include "base/pack.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocator.h"
#include "base/canonical.h"
#include "base/error.h"

// What a type wrote of one object.
typedef struct hm_piece {
    struct hm_piece *next;
    char *bytes;
    size_t length;
} hm_piece;

typedef struct hm_pack_sink {
    hm_canonical_sink sink; // the first, so that one is the other
    hm_arena arena;         // of pieces
    hm_piece *pieces;       // in the order of the walk
    hm_piece **at;          // where the next one goes, or is
    unsigned char *bytes;   // NULL while they are counted
    size_t length;
} hm_pack_sink;

static void add(hm_canonical_sink *sink, const void *bytes, size_t length) {
    hm_pack_sink *pack = (hm_pack_sink *)sink;
    if (pack->bytes != NULL && length > 0) {
        memcpy(pack->bytes + pack->length, bytes, length);
    }
    pack->length += length;
}

static void align(hm_canonical_sink *sink) {
    hm_pack_sink *pack = (hm_pack_sink *)sink;
    size_t gap = -pack->length & (HM_CANONICAL_ALIGNMENT - 1);
    if (pack->bytes != NULL) {
        memset(pack->bytes + pack->length, 0, gap);
    }
    pack->length += gap;
}

static hm_status ask(hm_pack_sink *pack, const hm_type *type, const void *object) {
    hm_piece *piece = hm_arena_array(&pack->arena, 1, sizeof *piece);
    if (piece == NULL) {
        return HM_NO_MEMORY;
    }
    HM_TRY(hm_object_write(type, object, &piece->bytes, &piece->length));
    *pack->at = piece;
    return HM_OK;
}

static hm_status add_object(
        hm_canonical_sink *sink, const hm_type *type, const void *object) {
    hm_pack_sink *pack = (hm_pack_sink *)sink;
    if (pack->bytes == NULL) {
        HM_TRY(ask(pack, type, object));
    }
    const hm_piece *piece = *pack->at;
    uint64_t length = piece->length;
    add(sink, &length, sizeof length);
    add(sink, piece->bytes, piece->length);
    pack->at = &(*pack->at)->next;
    return HM_OK;
}

static hm_status walk(hm_pack_sink *pack, const hm_value *value, unsigned char *bytes) {
    pack->at = &pack->pieces;
    pack->bytes = bytes;
    pack->length = 0;
    return hm_canonical_write(&pack->sink, value);
}

static void finish(hm_pack_sink *pack) {
    for (hm_piece *piece = pack->pieces; piece != NULL; piece = piece->next) {
        free(piece->bytes);
    }
    hm_arena_finish(&pack->arena);
}

hm_status hm_pack(const hm_allocator *allocator, const hm_value *value,
        unsigned char **bytes, size_t *length, hm_error *error) {
    hm_pack_sink pack = {.sink = {.use = HM_CANONICAL_TO_KEEP,
                                 .add = add,
                                 .add_part = add,
                                 .align = align,
                                 .add_object = add_object}};
    hm_arena_init(&pack.arena, allocator);
    unsigned char *made = NULL;
    hm_status status = walk(&pack, value, NULL);
    if (status == HM_OK) {
        made = hm_allocate(allocator, pack.length, HM_CANONICAL_ALIGNMENT);
        status = made != NULL ? walk(&pack, value, made) : HM_NO_MEMORY;
    }
    finish(&pack);
    if (status != HM_OK) {
        return hm_object_refuse(status, value->type, error);
    }
    *bytes = made;
    *length = pack.length;
    return HM_OK;
}
