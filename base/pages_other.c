// pages_other.c — see pages.h: where nothing can be told.

#include "base/pages.h"

void hm_pages_fill(void *memory, size_t size) {
    (void)memory;
    (void)size;
}
