// stock.h — memory for arrays whose lengths show while a pipeline runs: taken piece by
// piece, given back all at once, and kept for the next time. Of one worker.

#ifndef HM_ENGINE_STOCK_H
#define HM_ENGINE_STOCK_H

#include "engine/run.h"

struct hm_stock {
    _Alignas(HM_CACHE_LINE) hm_buffer newest; // begins with the one before it
    size_t used;                              // of it
    size_t total;                             // bytes of all
};

// As many bytes, aligned as all buffers, or NULL: *status is HM_NO_MEMORY or
// HM_TOO_LARGE.
void *hm_stock_take(hm_run *run, hm_stock *stock, size_t bytes, hm_status *status);

// Nothing that was taken is used any more.
void hm_stock_clear(hm_run *run, hm_stock *stock);

// Frees what it has, too.
void hm_stock_free(hm_run *run, hm_stock *stock);

#endif
