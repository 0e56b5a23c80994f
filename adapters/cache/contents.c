// contents.c — what the values of a run are, and the keys that follow from it.

#include "adapters/cache/running.h"
#include "base/canonical.h"

typedef enum hm_content_state {
    CONTENT_UNKNOWN,
    CONTENT_COMING, // somebody writes it
    CONTENT_KNOWN,
} hm_content_state;

bool hm_cache_content_get(const hm_cache_run *run, uint32_t source, hm_hash *content) {
    const hm_cache_known *known = &run->contents[source];
    // Acquire: the hash was written before.
    if (atomic_load_explicit(&known->state, memory_order_acquire) != CONTENT_KNOWN) {
        return false;
    }
    *content = known->hash;
    return true;
}

void hm_cache_content_put(hm_cache_run *run, uint32_t source, const hm_hash *content) {
    hm_cache_known *known = &run->contents[source];
    known->hash = *content;
    // Release: whoever sees it known sees the hash.
    atomic_store_explicit(&known->state, CONTENT_KNOWN, memory_order_release);
}

void hm_cache_content_forget(hm_cache_run *run, uint32_t source) {
    // Relaxed: whoever reads it comes later, by way of the call that makes it.
    atomic_store_explicit(
            &run->contents[source].state, CONTENT_UNKNOWN, memory_order_relaxed);
}

// What one of several readers has seen; the others have seen the same.
static void offer(hm_cache_run *run, uint32_t source, const hm_hash *content) {
    uint32_t unknown = CONTENT_UNKNOWN;
    // Relaxed: only one comes in, and nothing was written before.
    if (atomic_compare_exchange_strong_explicit(&run->contents[source].state, &unknown,
                CONTENT_COMING, memory_order_relaxed, memory_order_relaxed)) {
        hm_cache_content_put(run, source, content);
    }
}

// Of an argument that is there; false if its type has none.
static bool look(hm_cache *cache, hm_cache_run *run, const hm_running *running,
        uint32_t node, uint32_t parameter, uint32_t source, hm_hash *content) {
    hm_value value =
            hm_running_argument(running, &running->planned->nodes[node], parameter);
    if (value.type == NULL ||
            hm_canonical_obstacle(value.type, HM_CANONICAL_TO_HASH) != NULL) {
        return false;
    }
    hm_form form = hm_form_of(value.type, value.depth, value.by_reference);
    hm_error error;
    hm_status status = hm_content_of(&form, &value, content, &error);
    if (status != HM_OK) {
        hm_cache_note_trouble(cache, status, &error);
        return false;
    }
    offer(run, source, content);
    return true;
}

bool hm_cache_key(hm_cache *cache, hm_cache_run *run, const hm_running *running,
        uint32_t node, bool are_there, hm_hash *key) {
    const hm_cache_plan *plan = run->plan;
    const hm_cache_node *described = &plan->nodes[node];
    const hm_planned_node *planned = &running->planned->nodes[node];
    hm_hasher hasher;
    hm_hasher_init(&hasher);
    hm_hasher_add(&hasher, &described->code, sizeof described->code);
    for (uint32_t p = 0; p < planned->function->parameter_count; p++) {
        uint32_t source = plan->arguments[described->first_argument + p];
        if (plan->sources[source].is_ignored) {
            continue; // its name is in the code's hash
        }
        hm_hash content;
        bool may_look = are_there || planned->arguments[p].maker == HM_NONE;
        if (!hm_cache_content_get(run, source, &content) &&
                (!may_look || !look(cache, run, running, node, p, source, &content))) {
            return false;
        }
        hm_hasher_add(&hasher, &content, sizeof content);
    }
    *key = hm_hasher_get(&hasher);
    return true;
}
