// names.c — see names.h. The hash is FNV-1a over eight bytes at a time, finished by a
// multiplicative mix; names are short, so it is over in two or three steps.

#include "base/names.h"

#include <string.h>

#include "base/allocator.h"

static uint32_t hash_of(const char *name) {
    uint64_t hash = 0xcbf29ce484222325u;
    size_t length = strlen(name);
    while (length >= 8) {
        uint64_t piece;
        memcpy(&piece, name, 8);
        hash = (hash ^ piece) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
        name += 8;
        length -= 8;
    }
    uint64_t rest = length;
    for (size_t i = 0; i < length; i++) {
        rest = rest << 8 | (unsigned char)name[i];
    }
    hash = (hash ^ rest) * 0x9e3779b97f4a7c15u;
    return (uint32_t)(hash >> 32);
}

void hm_names_init(hm_names *names, const hm_allocator *allocator) {
    *names = (hm_names){.allocator = allocator};
}

void hm_names_finish(hm_names *names) {
    if (names->slots != NULL) {
        hm_deallocate_array(names->allocator, names->slots, names->slot_count,
                sizeof *names->slots);
    }
    *names = (hm_names){.allocator = names->allocator};
}

// The slot that holds the name, or the free one where it belongs.
static hm_names_slot *probe(const hm_names *names, const char *name, uint32_t hash) {
    size_t mask = names->slot_count - 1;
    for (size_t at = hash & mask;; at = (at + 1) & mask) {
        hm_names_slot *slot = &names->slots[at];
        // Equal names of one module are mostly one string: then its text need not be
        // fetched.
        if (slot->name == NULL || slot->name == name ||
                (slot->hash == hash && strcmp(slot->name, name) == 0)) {
            return slot;
        }
    }
}

bool hm_names_reserve(hm_names *names, size_t count) {
    size_t slot_count = names->slot_count == 0 ? 16 : names->slot_count;
    while (slot_count / 4 * 3 < names->used + count) {
        slot_count *= 2;
    }
    if (slot_count == names->slot_count) {
        return true;
    }
    hm_names grown = {.allocator = names->allocator, .used = names->used};
    grown.slots = hm_allocate_array(names->allocator, slot_count, sizeof *grown.slots);
    if (grown.slots == NULL) {
        return false;
    }
    grown.slot_count = slot_count;
    for (size_t i = 0; i < names->slot_count; i++) {
        const hm_names_slot *slot = &names->slots[i];
        if (slot->name != NULL) {
            *probe(&grown, slot->name, slot->hash) = *slot;
        }
    }
    hm_names_finish(names);
    *names = grown;
    return true;
}

uint32_t hm_names_find(const hm_names *names, const char *name) {
    if (names->slot_count == 0) {
        return HM_NAMES_ABSENT;
    }
    const hm_names_slot *slot = probe(names, name, hash_of(name));
    return slot->name != NULL ? slot->number : HM_NAMES_ABSENT;
}

uint32_t *hm_names_put(hm_names *names, const char *name) {
    if (!hm_names_reserve(names, 1)) {
        return NULL;
    }
    uint32_t hash = hash_of(name);
    hm_names_slot *slot = probe(names, name, hash);
    if (slot->name == NULL) {
        *slot = (hm_names_slot){name, hash, HM_NAMES_ABSENT};
        names->used++;
    }
    return &slot->number;
}

enum { LONGEST_COMPARED = 64 };

size_t hm_names_distance(const char *a, const char *b, size_t limit) {
    size_t a_length = strlen(a);
    size_t b_length = strlen(b);
    size_t difference = a_length > b_length ? a_length - b_length : b_length - a_length;
    if (difference > limit || b_length > LONGEST_COMPARED) {
        return limit + 1;
    }
    // One row of the table of Wagner and Fischer (1974): distances of a's prefix to all
    // prefixes of b.
    size_t row[LONGEST_COMPARED + 1];
    for (size_t j = 0; j <= b_length; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
            size_t shorter = row[j] < row[j - 1] ? row[j] : row[j - 1];
            diagonal = row[j];
            row[j] = replaced < shorter + 1 ? replaced : shorter + 1;
        }
    }
    return row[b_length] <= limit ? row[b_length] : limit + 1;
}

size_t hm_names_tolerance(const char *name) {
    size_t length = strlen(name);
    return length <= 3 ? 1 : length <= 8 ? 2 : 3;
}

const char *hm_names_nearest(
        const char *name, const void *list, size_t count, hm_names_at *at) {
    const char *nearest = NULL;
    size_t least = hm_names_tolerance(name) + 1; // what is nearer is proposed
    for (size_t i = 0; i < count && least > 0; i++) {
        const char *other = at(list, i);
        size_t distance =
                other != NULL ? hm_names_distance(name, other, least - 1) : least;
        if (distance < least) {
            least = distance;
            nearest = other;
        }
    }
    return nearest;
}
