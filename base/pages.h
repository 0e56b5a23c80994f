// pages.h — what the system is told of large memory.

#ifndef HM_BASE_PAGES_H
#define HM_BASE_PAGES_H

#include <stddef.h>

enum { HM_HUGE_PAGE = 2 * 1024 * 1024 }; // bytes

// Memory that will be filled from front to back, aligned to HM_HUGE_PAGE: the system
// may give it in such pages. A page of 4 KiB is given in some microseconds, so that new
// memory is filled several times slower without.
void hm_pages_fill(void *memory, size_t size);

#endif
