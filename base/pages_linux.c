// pages_linux.c — see pages.h.

#define _DEFAULT_SOURCE // madvise

#include <sys/mman.h>

#include "base/pages.h"

void hm_pages_fill(void *memory, size_t size) {
    // A hint: where it is not taken the pages are small.
    (void)madvise(memory, size / HM_HUGE_PAGE * HM_HUGE_PAGE, MADV_HUGEPAGE);
}
