// nearest.h — the known name that a misspelt one may have meant.
//
//     hm_nearest nearest;
//     hm_nearest_init(&nearest, "spned");
//     for (each known name) {
//         hm_nearest_offer(&nearest, name);
//     }
//     ... nearest.name ...

#ifndef HM_GRAPH_NEAREST_H
#define HM_GRAPH_NEAREST_H

#include <stddef.h>

typedef struct hm_nearest {
    const char *wanted;
    const char *name; // the nearest one offered so far, the first of equals, or NULL
    size_t distance;  // an offer must be nearer than this
} hm_nearest;

void hm_nearest_init(hm_nearest *nearest, const char *wanted);
void hm_nearest_offer(hm_nearest *nearest, const char *name);

#endif
