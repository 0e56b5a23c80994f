// reached.h — what a function reaches, in words: by it a cache can say what has
// changed.

#ifndef HM_REFLECT_REACHED_H
#define HM_REFLECT_REACHED_H

#include <stddef.h>
#include <stdint.h>

#include "reflect/entities.h"

// Zeroed at first, but for source and entities; its memory is the source's.
typedef struct hm_reached_lister {
    hm_source *source;
    const hm_entities *entities;
    uint32_t *seen; // by entity: the list that it was put into last, from 1
    uint32_t *queue;
    uint32_t list;
} hm_reached_lister;

// As hm_function.uses: what is reached from the first entity, itself first, and from
// the others, HM_NONE aside; the nearest come first, and of very many the first. NULL,
// and the source notes it, if memory ran out.
const char *hm_reached_list(
        hm_reached_lister *lister, const uint32_t *entities, size_t count);

#endif
