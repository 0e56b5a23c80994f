// data_object.h — what the metadata node of a load or save holds: a struct hm_metadata,
// as readers see it, and behind it what was loaded, which lives as long.
//
//     ┌─────────────┬───────────────────┐
//     │ hm_metadata │ owner ──▶ values  │
//     └─────────────┴───────────────────┘
//      f.load_data.x        ▲ f.select_data.x is borrowed from there

#ifndef HM_GRAPH_DATA_OBJECT_H
#define HM_GRAPH_DATA_OBJECT_H

#include <stddef.h>

#include <hamilton/allocator.h>
#include <hamilton/data_format.h>
#include <hamilton/metadata.h>
#include <hamilton/status.h>
#include <hamilton/type.h>
#include <hamilton/value.h>

#include "base/arena.h"

typedef struct hm_data_object {
    hm_metadata metadata; // first, as its type says
    hm_arena arena;       // of texts, and of values that were put together here
    void *owner;          // of the others
    void (*release)(void *owner);
} hm_data_object;

// The struct hm_metadata, whose destroy ends an hm_data_object.
extern const hm_type hm_metadata_type;

// What the slot of a load's first output points at when it is called once and nobody
// needs the metadata: then their costly parts are left out.
extern const char hm_data_untold;

// Of nothing yet; NULL if memory ran out.
hm_data_object *hm_data_object_create(const hm_allocator *allocator);
void hm_data_object_destroy(hm_data_object *object);

// Fills in the metadata. facts->source may be NULL: it is `otherwise` then.
hm_status hm_data_object_tell(hm_data_object *object, const char *format,
        const hm_data_facts *facts, const char *otherwise, size_t rows,
        const char *schema);

// What a format starts from.
hm_data_facts hm_data_facts_unknown(void);

#endif
