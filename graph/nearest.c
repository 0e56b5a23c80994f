// nearest.c — see nearest.h.

#include "graph/nearest.h"

#include "base/names.h"

void hm_nearest_init(hm_nearest *nearest, const char *wanted) {
    *nearest =
            (hm_nearest){.wanted = wanted, .distance = hm_names_tolerance(wanted) + 1};
}

void hm_nearest_offer(hm_nearest *nearest, const char *name) {
    if (nearest->distance == 0) {
        return;
    }
    size_t distance = hm_names_distance(nearest->wanted, name, nearest->distance - 1);
    if (distance < nearest->distance) {
        nearest->distance = distance;
        nearest->name = name;
    }
}
