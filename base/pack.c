// pack.c — a value is walked twice: to count its bytes, and to write them.

#include "base/pack.h"

#include <string.h>

#include "base/canonical.h"

typedef struct hm_pack_sink {
    hm_canonical_sink sink; // the first, so that one is the other
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

static size_t write(const hm_value *value, void *bytes) {
    hm_pack_sink pack = {
            .sink = {.add = add, .add_part = add, .align = align}, .bytes = bytes};
    hm_canonical_write(&pack.sink, value);
    return pack.length;
}

size_t hm_pack_size(const hm_value *value) {
    return write(value, NULL);
}

void hm_pack_write(const hm_value *value, void *bytes) {
    write(value, bytes);
}
