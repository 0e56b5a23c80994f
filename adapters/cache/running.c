// running.c — see running.h. A run whose memory cannot be had goes without the cache.

#include "adapters/cache/running.h"

#include <stdio.h>

#include "adapters/cache/reason.h"
#include "adapters/cache/waiting.h"
#include "base/allocator.h"
#include "base/error.h"

enum { PATIENCE = 2000000 }; // nanoseconds between looks at what another process does

hm_hash hm_cache_key_of_output(const hm_hash *key, uint32_t output) {
    struct {
        hm_hash key;
        uint64_t output;
    } both = {*key, output};
    return output == 0 ? *key : hm_hash_of(&both, sizeof both);
}

void hm_cache_forget(hm_cache_run *run, const hm_planned_node *node) {
    uint32_t first = run->plan->nodes[node->number].first_output;
    for (uint32_t o = 0; o < node->function->output_count; o++) {
        hm_cache_content_forget(run, first + o);
    }
}

// Whether the store knows what all outputs of a node are; then so does the run.
static bool recall(hm_cache *cache, hm_cache_run *run, const hm_planned_node *node) {
    const hm_cache_call *call = &run->calls[node->number];
    uint32_t first = run->plan->nodes[node->number].first_output;
    bool is_known = true;
    for (uint32_t o = 0; o < node->function->output_count && is_known; o++) {
        hm_hash key = hm_cache_key_of_output(&call->key, o);
        hm_hash content;
        hm_error error;
        hm_status status = cache->store->kind->recall(
                cache->store, &key, &content, &is_known, &error);
        if (status != HM_OK) {
            hm_cache_note_trouble(cache, status, &error);
            is_known = false;
        }
        if (is_known) {
            hm_cache_content_put(run, first + o, &content);
        }
    }
    if (!is_known) {
        hm_cache_forget(run, node);
    }
    return is_known;
}

// The value of an output that is known; empty if it is not there any more.
static hm_value load_one(hm_cache *cache, hm_cache_run *run, uint32_t source) {
    hm_hash content;
    hm_cached *cached = NULL;
    hm_error error;
    hm_status status = HM_OK;
    if (hm_cache_content_get(run, source, &content)) {
        const hm_form *form = &run->plan->sources[source].form;
        status = cache->bytes != NULL
                         ? hm_waiting_open(cache, run, source, &content, &cached)
                         : cache->store->kind->load(
                                   cache->store, form, &content, &cached, &error);
    }
    if (status != HM_OK) {
        hm_cache_note_trouble(cache, status, &error);
    }
    if (status != HM_OK || cached == NULL) {
        return (hm_value){0};
    }
    hm_value value = hm_cached_lend(cached);
    hm_cached_leave(cached);
    hm_cache_add(&cache->loaded);
    return value;
}

static void release(hm_cache_run *run, const hm_planned_node *node) {
    hm_value *values = &run->values[run->plan->nodes[node->number].first_output];
    for (uint32_t o = 0; o < node->function->output_count; o++) {
        hm_value_release(&values[o]);
    }
}

// The values of all outputs; false, and there are none, if one is not there.
static bool load(hm_cache *cache, hm_cache_run *run, const hm_planned_node *node) {
    uint32_t first = run->plan->nodes[node->number].first_output;
    hm_value *values = &run->values[first];
    bool is_there = true;
    for (uint32_t o = 0; o < node->function->output_count; o++) {
        values[o] = is_there ? load_one(cache, run, first + o) : (hm_value){0};
        is_there = values[o].type != NULL;
    }
    if (!is_there) {
        release(run, node);
        hm_cache_forget(run, node);
    }
    return is_there;
}

// In run_began. Supplies what was found of a node; false if it has to be computed.
static bool supply(hm_cache *cache, hm_running *running, const hm_planned_node *node) {
    hm_cache_run *run = running->self;
    hm_value *values = &run->values[run->plan->nodes[node->number].first_output];
    if (!load(cache, run, node)) {
        return false;
    }
    hm_error error;
    hm_status status = hm_running_supply(running, node, values, &error);
    if (status != HM_OK) {
        release(run, node);
        hm_cache_forget(run, node);
        // Another adapter may have supplied it.
        if (status != HM_BUSY) {
            hm_cache_note_trouble(cache, status, &error);
        }
    }
    return status == HM_OK;
}

static void decide_found(
        hm_cache *cache, hm_running *running, const hm_planned_node *node) {
    hm_cache_add(&cache->found);
    hm_running_decide(running, node, HM_CACHE_FOUND, "");
}

static void pass_by(hm_cache *cache, hm_running *running, const hm_planned_node *node,
        const char *why) {
    hm_cache_add(&cache->passed_by);
    hm_running_decide(running, node, HM_CACHE_PASSED_BY, why);
}

// From the first node to the last: what is known without calling anything.
static void hand_on(hm_cache *cache, hm_running *running) {
    hm_cache_run *run = running->self;
    const hm_planned *planned = running->planned;
    for (uint32_t i = 0; i < planned->node_count; i++) {
        const hm_cache_node *node = &run->plan->nodes[i];
        hm_cache_call *call = &run->calls[i];
        bool has_key = node->why_not == NULL && node->behaviour == HM_CACHE_DEFAULT &&
                       hm_cache_key(cache, run, running, i, false, &call->key);
        call->is_found = has_key && recall(cache, run, &planned->nodes[i]);
    }
}

void hm_cache_need_arguments(hm_cache_run *run, const hm_planned_node *node) {
    for (uint32_t p = 0; p < node->function->parameter_count; p++) {
        uint32_t maker = node->arguments[p].maker;
        if (maker != HM_NONE) {
            run->calls[maker].is_needed = true;
        }
    }
}

// From the last node to the first: what is needed of what was found is supplied; what
// is not there after all is computed, and needs its arguments.
static void supply_needed(hm_cache *cache, hm_running *running) {
    hm_cache_run *run = running->self;
    for (uint32_t i = running->planned->node_count; i-- > 0;) {
        const hm_planned_node *node = &running->planned->nodes[i];
        const hm_cache_node *described = &run->plan->nodes[i];
        hm_cache_call *call = &run->calls[i];
        call->is_needed |= node->is_wanted;
        if (call->is_needed && call->is_found) {
            call->is_found = supply(cache, running, node);
        }
        if (call->is_found) {
            decide_found(cache, running, node);
        } else if (call->is_needed) {
            hm_cache_need_arguments(run, node);
            if (described->why_not != NULL) {
                pass_by(cache, running, node, described->why_not);
            }
        }
    }
}

// An argument of which is not known what it will be: its name, or NULL.
static const char *find_unknown(const hm_cache_run *run, const hm_planned_node *node) {
    const hm_cache_plan *plan = run->plan;
    for (uint32_t p = 0; p < node->function->parameter_count; p++) {
        uint32_t source = plan->arguments[plan->nodes[node->number].first_argument + p];
        hm_hash content;
        if (!plan->sources[source].is_ignored &&
                !hm_cache_content_get(run, source, &content)) {
            return node->function->parameters[p].name;
        }
    }
    return NULL;
}

// Why a node would be computed, as far as that is known.
static void tell_computed(
        hm_cache *cache, hm_running *running, const hm_planned_node *node) {
    hm_cache_run *run = running->self;
    const char *unknown = find_unknown(run, node);
    char reason[HM_CACHE_REASON_SIZE];
    if (unknown != NULL &&
            run->plan->nodes[node->number].behaviour == HM_CACHE_DEFAULT) {
        snprintf(reason, sizeof reason, "if `%.200s` does not come out as before",
                unknown);
    } else {
        hm_cache_reason(cache, run, node, reason);
    }
    hm_running_decide(running, node, HM_CACHE_COMPUTED, reason);
}

// As supply_needed does it, but what is loaded is let go.
static void tell_needed(hm_cache *cache, hm_running *running) {
    hm_cache_run *run = running->self;
    for (uint32_t i = running->planned->node_count; i-- > 0;) {
        const hm_planned_node *node = &running->planned->nodes[i];
        const hm_cache_node *described = &run->plan->nodes[i];
        hm_cache_call *call = &run->calls[i];
        call->is_needed |= node->is_wanted;
        if (call->is_needed && call->is_found) {
            call->is_found = load(cache, run, node);
            release(run, node);
        }
        if (call->is_found) {
            hm_running_decide(running, node, HM_CACHE_FOUND, "");
        } else if (call->is_needed) {
            hm_cache_need_arguments(run, node);
            if (described->why_not != NULL) {
                hm_running_decide(
                        running, node, HM_CACHE_PASSED_BY, described->why_not);
            } else {
                tell_computed(cache, running, node);
            }
        }
    }
}

static void destroy(const hm_cache *cache, hm_cache_run *run) {
    const hm_cache_plan *plan = run->plan;
    hm_waiting_finish(cache, run);
    hm_deallocate_array(
            cache->allocator, run->contents, plan->source_count, sizeof *run->contents);
    hm_deallocate_array(cache->allocator, run->calls, plan->planned->node_count,
            sizeof *run->calls);
    hm_deallocate(cache->allocator, run->values,
            plan->source_count * sizeof *run->values, _Alignof(hm_value));
    hm_deallocate_array(cache->allocator, run, 1, sizeof *run);
}

static hm_cache_run *create(const hm_cache *cache, const hm_cache_plan *plan) {
    hm_cache_run *run = hm_allocate_array(cache->allocator, 1, sizeof *run);
    if (run == NULL) {
        return NULL;
    }
    run->plan = plan;
    run->contents = hm_allocate_array(
            cache->allocator, plan->source_count, sizeof *run->contents);
    run->calls = hm_allocate_array(
            cache->allocator, plan->planned->node_count, sizeof *run->calls);
    run->values = hm_allocate(cache->allocator,
            plan->source_count * sizeof *run->values, _Alignof(hm_value));
    if (run->contents == NULL || run->calls == NULL || run->values == NULL ||
            !hm_waiting_init(cache, run)) {
        destroy(cache, run);
        return NULL;
    }
    return run;
}

hm_status hm_cache_run_began(void *self, hm_running *running, hm_error *error) {
    (void)error;
    hm_cache *cache = self;
    running->self = create(cache, running->planned->self);
    if (running->self == NULL) {
        hm_error out;
        hm_cache_note_trouble(cache, hm_error_no_memory(&out), &out);
        return HM_OK;
    }
    if (cache->bytes != NULL) {
        hm_waiting_hand_on(cache, running);
        hm_waiting_fetch(cache, running);
    } else {
        hand_on(cache, running);
    }
    if (cache->only_tells) {
        tell_needed(cache, running);
        hm_cache_run_ended(self, running, HM_OK, "");
        running->self = NULL;
    } else {
        supply_needed(cache, running);
    }
    return HM_OK;
}

void hm_cache_run_ended(
        void *self, hm_running *running, hm_status status, const char *message) {
    (void)status;
    (void)message;
    if (running->self != NULL) {
        destroy(self, running->self);
    }
}

// Others may compute the key now, if this call kept them from it.
static void let_go(hm_cache *cache, hm_cache_call *call) {
    if (call->has_claim) {
        cache->store->kind->unclaim(cache->store, &call->key);
        call->has_claim = false;
    }
    if (call->has_flight) {
        hm_flights_end(&cache->flights, &call->flight);
        call->has_flight = false;
    }
}

bool hm_cache_give(hm_cache *cache, hm_call *call) {
    hm_cache_run *run = call->running->self;
    const hm_planned_node *node = call->node;
    if (!load(cache, run, node)) {
        return false;
    }
    hm_error error;
    hm_status status = hm_call_return(
            call, &run->values[run->plan->nodes[node->number].first_output], &error);
    if (status != HM_OK) {
        release(run, node);
        hm_cache_forget(run, node);
        hm_cache_note_trouble(cache, status, &error);
        return false;
    }
    run->calls[node->number].is_found = true;
    decide_found(cache, call->running, node);
    return true;
}

// What the call would make is in the store: it is returned.
static bool find(hm_cache *cache, hm_call *call) {
    return recall(cache, call->running->self, call->node) && hm_cache_give(cache, call);
}

// Whether the call is the one that computes its key; else it waits for who does.
static bool is_first(hm_cache *cache, hm_call *call, hm_cache_call *own) {
    if (!own->has_flight) {
        own->has_flight = hm_flights_begin(
                &cache->flights, &own->flight, &own->key, &own->waiter, call);
    }
    if (own->has_flight && !own->has_claim && cache->store->kind->claim != NULL) {
        own->has_claim = cache->store->kind->claim(cache->store, &own->key);
        if (!own->has_claim) {
            // Nobody tells when another process is done. If the run is stopped it is
            // no matter.
            (void)hm_call_hold(call, PATIENCE);
            return false;
        }
    }
    return own->has_flight;
}

hm_status hm_cache_before(void *self, hm_call *call, hm_error *error) {
    (void)error;
    hm_cache *cache = self;
    hm_cache_run *run = call->running->self;
    if (run == NULL) {
        return HM_OK;
    }
    uint32_t number = call->node->number;
    hm_cache_call *own = &run->calls[number];
    hm_flights_leave(&cache->flights, &own->waiter);
    own->has_gaps = false;
    own->has_key = hm_cache_key(cache, run, call->running, number, true, &own->key);
    if (!own->has_key) {
        pass_by(cache, call->running, call->node, "an argument cannot be told");
        return HM_OK;
    }
    if (run->plan->nodes[number].behaviour != HM_CACHE_DEFAULT) {
        return HM_OK;
    }
    if (cache->bytes != NULL) {
        hm_waiting_before(cache, call);
        return HM_OK;
    }
    if (find(cache, call)) {
        return HM_OK;
    }
    // Whoever had it before may have kept it between our look and our claim.
    if (is_first(cache, call, own)) {
        (void)find(cache, call);
    }
    return HM_OK;
}

static hm_status keep_value(hm_cache *cache, const hm_form *form, const hm_hash *key,
        const hm_hash *content, const hm_value *value, hm_error *error) {
    if (cache->bytes != NULL) {
        return hm_byte_store_keep(cache->bytes, form, key, content, value, error);
    }
    HM_TRY(cache->store->kind->keep(cache->store, form, content, value, error));
    return cache->store->kind->remember(cache->store, key, content, error);
}

// What an output is; it is kept, and that the key has it.
static hm_status keep_output(
        hm_cache *cache, hm_call *call, uint32_t o, hm_error *error) {
    hm_cache_run *run = call->running->self;
    uint32_t source = run->plan->nodes[call->node->number].first_output + o;
    const hm_form *form = &run->plan->sources[source].form;
    hm_value value = hm_running_result(call->running, call->node, o);
    hm_hash content;
    HM_TRY(hm_content_of(form, &value, &content, error));
    hm_cache_content_put(run, source, &content);
    hm_hash key = hm_cache_key_of_output(&run->calls[call->node->number].key, o);
    return keep_value(cache, form, &key, &content, &value, error);
}

// What the call made: its contents, and whether all are kept.
static bool keep(hm_cache *cache, hm_call *call) {
    bool is_kept = true;
    for (uint32_t o = 0; o < call->node->function->output_count; o++) {
        hm_error error;
        hm_status status = keep_output(cache, call, o, &error);
        if (status != HM_OK) {
            hm_cache_note_trouble(cache, status, &error);
            is_kept = false;
        }
    }
    return is_kept;
}

hm_status hm_cache_after(void *self, hm_call *call, hm_error *error) {
    (void)error;
    hm_cache *cache = self;
    hm_cache_run *run = call->running->self;
    if (run == NULL) {
        return HM_OK;
    }
    hm_cache_call *own = &run->calls[call->node->number];
    // What another adapter returns, in place of a failure perhaps, is not what the
    // function makes.
    bool is_computed = call->status == HM_OK && !call->is_returned && own->has_key;
    if (is_computed && own->has_gaps) {
        pass_by(cache, call->running, call->node, "some of its rows failed");
    } else if (is_computed) {
        char reason[HM_CACHE_REASON_SIZE];
        hm_cache_reason(cache, run, call->node, reason);
        bool is_kept = keep(cache, call);
        let_go(cache, own);
        hm_cache_add(&cache->computed);
        hm_running_decide(call->running, call->node, HM_CACHE_COMPUTED, reason);
        if (is_kept) {
            hm_cache_note(cache, run, call->node);
        }
    }
    let_go(cache, own);
    hm_waiting_leave(own);
    return HM_OK;
}

void hm_cache_rows_failed(void *self, hm_running *running, const hm_planned_node *node,
        size_t count, const char *message) {
    (void)self;
    (void)count;
    (void)message;
    hm_cache_run *run = running->self;
    if (run != NULL) {
        run->calls[node->number].has_gaps = true;
    }
}
