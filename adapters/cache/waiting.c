// waiting.c — see waiting.h. A run whose memory cannot be had goes without the cache.

#include "adapters/cache/waiting.h"

#include "adapters/cache/reason.h"
#include "adapters/cache/record.h"
#include "base/allocator.h"
#include "base/error.h"

// Nanoseconds between looks at what another process does: they grow.
enum { FIRST_PATIENCE = 2000000, LAST_PATIENCE = 50000000 };

bool hm_waiting_init(const hm_cache *cache, hm_cache_run *run) {
    if (cache->bytes == NULL) {
        return true;
    }
    run->records = hm_allocate_array(
            cache->allocator, run->plan->source_count, sizeof *run->records);
    return run->records != NULL;
}

void hm_waiting_leave(hm_cache_call *call) {
    hm_asking_end(call->asking);
    call->asking = NULL;
    hm_cached_leave(call->note);
    call->note = NULL;
    call->is_note_known = false;
    call->patience = 0;
    call->stage = HM_STAGE_NONE;
}

void hm_waiting_finish(const hm_cache *cache, hm_cache_run *run) {
    if (run->records == NULL) {
        return;
    }
    for (uint32_t i = 0; i < run->plan->planned->node_count; i++) {
        hm_waiting_leave(&run->calls[i]);
    }
    for (uint32_t i = 0; i < run->plan->source_count; i++) {
        hm_cached_leave(run->records[i].bytes);
    }
    hm_deallocate_array(cache->allocator, run->records, run->plan->source_count,
            sizeof *run->records);
}

static void note_damage(hm_cache *cache) {
    // Relaxed: a number.
    atomic_fetch_add_explicit(&cache->bytes->damaged, 1, memory_order_relaxed);
}

static void replace(hm_cache_record *record, hm_cached *bytes, uint32_t at) {
    hm_cached_leave(record->bytes);
    *record = (hm_cache_record){.bytes = bytes, .at = at};
}

// Asks for the results of a node; then whether all of them are known.
static void want_results(
        hm_asking *asking, const hm_cache_call *call, const hm_planned_node *node) {
    for (uint32_t o = 0; o < node->function->output_count; o++) {
        hm_hash key = hm_cache_key_of_output(&call->key, o);
        hm_asking_want(asking, HM_CACHE_GET, HM_RECORD_RESULTS, &key);
    }
}

static bool take_result(
        hm_cache *cache, hm_cache_run *run, uint32_t source, hm_cached *bytes) {
    if (bytes == NULL) {
        return false;
    }
    hm_hash content;
    bool has_value;
    if (!hm_record_is_result(bytes->bytes, bytes->length, &content, &has_value)) {
        hm_cached_leave(bytes);
        note_damage(cache);
        return false;
    }
    hm_cache_content_put(run, source, &content);
    if (!has_value) {
        hm_cached_leave(bytes);
    }
    replace(&run->records[source], has_value ? bytes : NULL, sizeof(hm_record_header));
    return true;
}

static bool take_results(hm_cache *cache, hm_cache_run *run,
        const hm_planned_node *node, hm_asking *asking, size_t first) {
    uint32_t source = run->plan->nodes[node->number].first_output;
    bool is_known = true;
    for (uint32_t o = 0; o < node->function->output_count; o++) {
        is_known &=
                take_result(cache, run, source + o, hm_asking_take(asking, first + o));
    }
    if (!is_known) {
        hm_cache_forget(run, node);
    }
    return is_known;
}

// Finds out which nodes of a wave have keys now, and how many results that is.
static size_t find_keys(
        hm_cache *cache, hm_running *running, const uint32_t *nodes, uint32_t count) {
    hm_cache_run *run = running->self;
    size_t results = 0;
    for (uint32_t i = 0; i < count; i++) {
        const hm_cache_node *node = &run->plan->nodes[nodes[i]];
        hm_cache_call *call = &run->calls[nodes[i]];
        call->has_key = node->why_not == NULL && node->behaviour == HM_CACHE_DEFAULT &&
                        hm_cache_key(cache, run, running, nodes[i], false, &call->key);
        const hm_function *function = running->planned->nodes[nodes[i]].function;
        results += call->has_key ? function->output_count : 0;
    }
    return results;
}

static void hand_on_wave(
        hm_cache *cache, hm_running *running, const uint32_t *nodes, uint32_t count) {
    hm_cache_run *run = running->self;
    const hm_planned_node *planned = running->planned->nodes;
    size_t most = find_keys(cache, running, nodes, count);
    hm_asking *asking = most > 0 ? hm_asking_create(cache->bytes, most) : NULL;
    if (asking == NULL) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (run->calls[nodes[i]].has_key) {
            want_results(asking, &run->calls[nodes[i]], &planned[nodes[i]]);
        }
    }
    hm_asking_begin(asking);
    hm_asking_wait(asking);
    size_t first = 0;
    for (uint32_t i = 0; i < count; i++) {
        hm_cache_call *call = &run->calls[nodes[i]];
        if (call->has_key) {
            const hm_planned_node *node = &planned[nodes[i]];
            call->is_found = take_results(cache, run, node, asking, first);
            call->stage = call->is_found ? HM_STAGE_NONE : HM_STAGE_MISSED;
            first += node->function->output_count;
        }
    }
    hm_asking_end(asking);
}

void hm_waiting_hand_on(hm_cache *cache, hm_running *running) {
    const hm_waves *waves = &((hm_cache_run *)running->self)->plan->waves;
    for (uint32_t w = 0; w < waves->count; w++) {
        hand_on_wave(cache, running, &waves->nodes[waves->first[w]],
                waves->first[w + 1] - waves->first[w]);
    }
}

// Whether the values of a node that was found may be there; what is missing yet is
// counted.
static bool may_load(
        const hm_cache_run *run, const hm_planned_node *node, size_t *missing) {
    const hm_cache_record *records =
            &run->records[run->plan->nodes[node->number].first_output];
    size_t count = 0;
    for (uint32_t o = 0; o < node->function->output_count; o++) {
        if (records[o].is_gone) {
            return false;
        }
        count += records[o].bytes == NULL;
    }
    *missing += count;
    return true;
}

static void want_values(
        hm_asking *asking, const hm_cache_run *run, const hm_planned_node *node) {
    uint32_t first = run->plan->nodes[node->number].first_output;
    for (uint32_t o = 0; o < node->function->output_count; o++) {
        hm_hash content;
        if (run->records[first + o].bytes == NULL &&
                hm_cache_content_get(run, first + o, &content)) {
            hm_asking_want(asking, HM_CACHE_GET, HM_RECORD_VALUES, &content);
        }
    }
}

static void take_values(hm_cache_run *run, const hm_planned_node *node,
        hm_asking *asking, size_t *which) {
    hm_cache_record *records =
            &run->records[run->plan->nodes[node->number].first_output];
    for (uint32_t o = 0; o < node->function->output_count; o++) {
        if (records[o].bytes == NULL) {
            replace(&records[o], hm_asking_take(asking, (*which)++), 0);
            records[o].is_gone = records[o].bytes == NULL;
        }
    }
}

// What is needed as far as is known now, from the last node to the first; how many
// values of it are to be got.
static size_t find_needed(hm_running *running) {
    hm_cache_run *run = running->self;
    size_t missing = 0;
    for (uint32_t i = running->planned->node_count; i-- > 0;) {
        const hm_planned_node *node = &running->planned->nodes[i];
        hm_cache_call *call = &run->calls[i];
        call->is_needed |= node->is_wanted;
        call->is_fetched = false;
        if (!call->is_needed) {
            continue;
        }
        size_t before = missing;
        if (call->is_found && may_load(run, node, &missing)) {
            call->is_fetched = missing > before;
        } else {
            hm_cache_need_arguments(run, node);
        }
    }
    return missing;
}

static bool fetch_needed(hm_cache *cache, hm_running *running) {
    hm_cache_run *run = running->self;
    const hm_planned *planned = running->planned;
    size_t missing = find_needed(running);
    hm_asking *asking = missing > 0 ? hm_asking_create(cache->bytes, missing) : NULL;
    if (asking == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < planned->node_count; i++) {
        if (run->calls[i].is_fetched) {
            want_values(asking, run, &planned->nodes[i]);
        }
    }
    hm_asking_begin(asking);
    hm_asking_wait(asking);
    size_t which = 0;
    for (uint32_t i = 0; i < planned->node_count; i++) {
        if (run->calls[i].is_fetched) {
            take_values(run, &planned->nodes[i], asking, &which);
        }
    }
    hm_asking_end(asking);
    return true;
}

void hm_waiting_fetch(hm_cache *cache, hm_running *running) {
    // Again where a value is gone: then others are needed.
    while (fetch_needed(cache, running)) {
    }
}

hm_status hm_waiting_open(hm_cache *cache, hm_cache_run *run, uint32_t source,
        const hm_hash *content, hm_cached **entry) {
    hm_cache_record *record = &run->records[source];
    *entry = NULL;
    if (record->bytes == NULL) {
        return HM_OK;
    }
    hm_status status = hm_record_open(&record->bytes, record->at,
            &run->plan->sources[source].form, content, cache->bytes->most_bytes);
    *entry = record->bytes;
    record->bytes = NULL;
    if (status == HM_BAD_DATA) {
        record->is_gone = true;
        note_damage(cache);
        return HM_OK;
    }
    return status;
}

static void begin(hm_cache_call *own, hm_asking *asking, hm_cache_stage stage) {
    own->asking = asking;
    own->stage = stage;
    hm_asking_begin(asking);
}

static void end(hm_cache_call *own) {
    hm_asking_end(own->asking);
    own->asking = NULL;
}

// Each of the following takes a call one step further, and says whether there is
// another one: if not it is held, returned, or computed.

static bool look_up(hm_cache *cache, hm_call *call, hm_cache_call *own) {
    hm_asking *asking =
            hm_asking_create(cache->bytes, call->node->function->output_count);
    if (asking == NULL) {
        return false;
    }
    want_results(asking, own, call->node);
    begin(own, asking, HM_STAGE_LOOKED_UP);
    return true;
}

// What was found is returned, or its values are got first.
static bool load(hm_cache *cache, hm_call *call, hm_cache_call *own) {
    hm_cache_run *run = call->running->self;
    size_t missing = 0;
    if (may_load(run, call->node, &missing) && missing > 0) {
        hm_asking *asking = hm_asking_create(cache->bytes, missing);
        if (asking != NULL) {
            want_values(asking, run, call->node);
            begin(own, asking, HM_STAGE_LOADED);
            return true;
        }
    }
    if (hm_cache_give(cache, call)) {
        return false;
    }
    own->stage = HM_STAGE_MISSED;
    return !own->has_flight; // or it is computed, claimed or not
}

static bool take_look_up(hm_cache *cache, hm_call *call, hm_cache_call *own) {
    bool is_known =
            take_results(cache, call->running->self, call->node, own->asking, 0);
    end(own);
    if (is_known) {
        return load(cache, call, own);
    }
    own->stage = HM_STAGE_MISSED;
    return true;
}

static bool take_loaded(hm_cache *cache, hm_call *call, hm_cache_call *own) {
    size_t which = 0;
    take_values(call->running->self, call->node, own->asking, &which);
    end(own);
    if (hm_cache_give(cache, call)) {
        return false;
    }
    own->stage = HM_STAGE_MISSED;
    return !own->has_flight;
}

static bool claim(hm_cache *cache, hm_call *call, hm_cache_call *own) {
    if (!own->has_flight) {
        own->has_flight = hm_flights_begin(
                &cache->flights, &own->flight, &own->key, &own->waiter, call);
    }
    hm_asking *asking = own->has_flight
                                ? hm_asking_create(cache->bytes,
                                          2 + call->node->function->output_count)
                                : NULL;
    if (asking == NULL) {
        return false;
    }
    // Whoever had it before may have kept it before our claim: both are asked for.
    char name[HM_CACHE_NOTE_NAME];
    hm_cache_name_note(call->node, name);
    hm_asking_want_note(asking, name);
    if (cache->bytes->bytes->is_shared) {
        hm_asking_want(asking, HM_CACHE_CLAIM, HM_RECORD_RESULTS, &own->key);
    }
    want_results(asking, own, call->node);
    begin(own, asking, HM_STAGE_CLAIMED);
    return true;
}

static void take_note(hm_cache_call *own) {
    own->is_note_known = hm_asking_was_served(own->asking, 0);
    hm_cached_leave(own->note);
    own->note = hm_asking_take(own->asking, 0);
    if (own->note == NULL) {
        return;
    }
    if (hm_record_is_note(own->note->bytes, own->note->length)) {
        own->note->bytes += sizeof(hm_record_header);
        own->note->length -= sizeof(hm_record_header);
    } else {
        hm_cached_leave(own->note);
        own->note = NULL;
    }
}

static bool take_claim(hm_cache *cache, hm_call *call, hm_cache_call *own) {
    bool is_shared = cache->bytes->bytes->is_shared;
    take_note(own);
    own->has_claim = is_shared && hm_asking_has_claimed(own->asking, 1);
    bool is_others =
            is_shared && !own->has_claim && hm_asking_was_served(own->asking, 1);
    bool is_known = take_results(
            cache, call->running->self, call->node, own->asking, 1 + is_shared);
    end(own);
    if (is_known) {
        return load(cache, call, own);
    }
    own->stage = HM_STAGE_MISSED;
    if (is_others) {
        // Nobody tells when another process is done. If the run is stopped it is no
        // matter.
        own->patience = own->patience == 0 ? FIRST_PATIENCE : own->patience * 2;
        own->patience = own->patience < LAST_PATIENCE ? own->patience : LAST_PATIENCE;
        (void)hm_call_hold(call, own->patience);
    }
    return false;
}

void hm_waiting_before(hm_cache *cache, hm_call *call) {
    hm_cache_run *run = call->running->self;
    hm_cache_call *own = &run->calls[call->node->number];
    bool has_next = true;
    while (has_next) {
        if (own->asking != NULL &&
                hm_asking_hold(own->asking, call) != HM_ASKED_ANSWERED) {
            return;
        }
        switch (own->stage) {
        case HM_STAGE_NONE:
            has_next = look_up(cache, call, own);
            break;
        case HM_STAGE_LOOKED_UP:
            has_next = take_look_up(cache, call, own);
            break;
        case HM_STAGE_LOADED:
            has_next = take_loaded(cache, call, own);
            break;
        case HM_STAGE_CLAIMED:
            has_next = take_claim(cache, call, own);
            break;
        case HM_STAGE_MISSED:
        default:
            has_next = claim(cache, call, own);
            break;
        }
    }
}

static void ask_for_note(
        hm_cache *cache, const hm_planned_node *node, hm_cache_call *own) {
    own->asking = hm_asking_create(cache->bytes, 1);
    if (own->asking != NULL) {
        char name[HM_CACHE_NOTE_NAME];
        hm_cache_name_note(node, name);
        hm_asking_want_note(own->asking, name);
        hm_asking_begin(own->asking);
        hm_asking_wait(own->asking);
        take_note(own);
        end(own);
    }
}

bool hm_waiting_noted(hm_cache *cache, hm_cache_run *run, const hm_planned_node *node,
        hm_cached **note) {
    hm_cache_call *own = &run->calls[node->number];
    if (cache->only_tells) {
        ask_for_note(cache, node, own);
    }
    *note = own->note;
    own->note = NULL;
    return own->is_note_known;
}
