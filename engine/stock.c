// stock.c — see stock.h. What several buffers were needed for is one buffer the next
// time.

#include "engine/stock.h"

#include <string.h>

enum { LEAST = 4096 };

static bool grow(hm_run *run, hm_stock *stock, size_t bytes, hm_status *status) {
    size_t head = run->plan->alignment;
    hm_buffer buffer = {0};
    size_t size = stock->total > LEAST ? stock->total : LEAST;
    if (bytes > SIZE_MAX / 4) {
        *status = HM_NO_MEMORY;
        return false;
    }
    size = size > head + bytes ? size : head + bytes;
    *status = hm_run_reserve_buffer(run, &buffer, size);
    if (*status != HM_OK) {
        return false;
    }
    memcpy(buffer.data, &stock->newest, sizeof stock->newest);
    // What was there before is counted in, but for a buffer in place of all of it.
    stock->total = stock->newest.data != NULL ? stock->total + size : size;
    stock->newest = buffer;
    stock->used = head;
    return true;
}

void *hm_stock_take(hm_run *run, hm_stock *stock, size_t bytes, hm_status *status) {
    size_t alignment = run->plan->alignment;
    if (stock->newest.data == NULL || bytes > stock->newest.capacity - stock->used) {
        if (!grow(run, stock, bytes, status)) {
            return NULL;
        }
    }
    char *taken = (char *)stock->newest.data + stock->used;
    size_t end = stock->used + (bytes + alignment - 1) / alignment * alignment;
    stock->used = end < stock->newest.capacity ? end : stock->newest.capacity;
    return taken;
}

static hm_buffer before(const hm_stock *stock) {
    hm_buffer buffer = {0};
    if (stock->newest.data != NULL) {
        memcpy(&buffer, stock->newest.data, sizeof buffer);
    }
    return buffer;
}

void hm_stock_free(hm_run *run, hm_stock *stock) {
    while (stock->newest.data != NULL) {
        hm_buffer older = before(stock);
        hm_run_free_buffer(run, &stock->newest);
        stock->newest = older;
    }
}

void hm_stock_clear(hm_run *run, hm_stock *stock) {
    if (before(stock).data != NULL) {
        hm_stock_free(run, stock);
    }
    stock->used = run->plan->alignment;
}
