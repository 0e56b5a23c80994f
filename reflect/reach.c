// reach.c — see reach.h.

#include "reflect/reach.h"

void hm_reach_read(hm_source *source, const hm_macros *macros, hm_model *model) {
    (void)source;
    (void)macros;
    (void)model;
}
