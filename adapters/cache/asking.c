// asking.c — see asking.h. It is freed by whoever comes last: who ends it, or the last
// answer.

#include "adapters/cache/asking.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "adapters/cache/cache.h"
#include "adapters/cache/record.h"
#include "base/allocator.h"
#include "base/canonical.h"

typedef struct hm_answer {
    hm_cache_request request; // the first, so that one is the other
    hm_asking *asking;
    hm_hash key; // zero of a note
    char name[HM_RECORD_NAME];
    hm_cached *record;
} hm_answer;

struct hm_asking {
    hm_byte_store *store;
    size_t most;
    size_t count;
    uv_sem_t is_there;
    atomic_size_t missing; // answers
    char note[512 + HM_RECORD_NAME];

    // Protected by store->lock.
    bool is_answered;
    bool is_abandoned;
    bool is_awaited; // on somebody's thread
    hm_call *call;   // that is held, or NULL

    hm_answer answers[];
};

static size_t size_of(size_t most) {
    return sizeof(hm_asking) + most * sizeof(hm_answer);
}

hm_asking *hm_asking_create(hm_byte_store *store, size_t most) {
    hm_asking *asking =
            hm_allocate(store->allocator, size_of(most), _Alignof(max_align_t));
    if (asking == NULL) {
        return NULL;
    }
    *asking = (hm_asking){.store = store, .most = most, .is_answered = true};
    if (uv_sem_init(&asking->is_there, 0) != 0) {
        hm_deallocate(store->allocator, asking, size_of(most), _Alignof(max_align_t));
        return NULL;
    }
    return asking;
}

static void destroy(hm_asking *asking) {
    hm_byte_store *store = asking->store;
    for (size_t i = 0; i < asking->count; i++) {
        const hm_answer *answer = &asking->answers[i];
        hm_cached_leave(answer->record);
        if (asking->is_abandoned && answer->request.is_claimed) {
            store->store.kind->unclaim(&store->store, &answer->key);
        }
    }
    uv_sem_destroy(&asking->is_there);
    hm_deallocate(
            store->allocator, asking, size_of(asking->most), _Alignof(max_align_t));
}

// The last answer is there.
static void finish(hm_asking *asking) {
    uv_mutex_t *lock = &asking->store->lock;
    uv_mutex_lock(lock);
    asking->is_answered = true;
    bool is_abandoned = asking->is_abandoned;
    // Whoever waits comes for the lock before it ends.
    if (asking->call != NULL) {
        hm_call_resume(asking->call);
    }
    if (asking->is_awaited) {
        uv_sem_post(&asking->is_there);
    }
    uv_mutex_unlock(lock);
    if (is_abandoned) {
        destroy(asking);
    }
}

// Bytes that were found, in a place where values can lie: they are the store's, or are
// copied. NULL, as if they were not there, if memory ran out.
static hm_cached *take_in(hm_byte_store *store, const hm_cache_request *request) {
    bool is_given = request->release != NULL;
    if (is_given && (uintptr_t)request->found % HM_CANONICAL_ALIGNMENT == 0) {
        hm_cached_block block = {.start = request->found,
                .length = request->found_length,
                .release = request->release,
                .context = request->release_context};
        hm_cached *record = hm_cached_of_block(
                store->allocator, &block, request->found, request->found_length);
        if (record != NULL) {
            return record;
        }
    }
    hm_cached *record = hm_cached_create(store->allocator, request->found_length);
    if (record != NULL) {
        memcpy(record->bytes, request->found, request->found_length);
    }
    if (is_given) {
        request->release(
                request->release_context, request->found, request->found_length);
    }
    return record;
}

static void answered(hm_cache_request *request) {
    hm_answer *answer = (hm_answer *)request;
    hm_asking *asking = answer->asking;
    hm_byte_store *store = asking->store;
    if (request->status != HM_OK) {
        hm_cache_note_loss(
                store->cache, request->operation, request->status, request->message);
    } else if (request->found != NULL && request->found_length > 0) {
        answer->record = take_in(store, request);
        if (answer->record == NULL) {
            hm_cache_note_loss(store->cache, request->operation, HM_NO_MEMORY, NULL);
        }
    }
    // Acquire and release: the last one sees what the others wrote.
    if (atomic_fetch_sub_explicit(&asking->missing, 1, memory_order_acq_rel) == 1) {
        finish(asking);
    }
}

static hm_answer *add(hm_asking *asking, hm_cache_operation operation) {
    hm_answer *answer = &asking->answers[asking->count++];
    *answer = (hm_answer){.request = {.operation = operation, .answered = answered},
            .asking = asking};
    answer->request.name = answer->name;
    if (asking->count > 1) {
        answer[-1].request.next = &answer->request;
    }
    return answer;
}

void hm_asking_want(hm_asking *asking, hm_cache_operation operation,
        const char *beginning, const hm_hash *hash) {
    hm_answer *answer = add(asking, operation);
    answer->key = *hash;
    hm_record_name(answer->name, beginning, hash);
}

void hm_asking_want_note(hm_asking *asking, const char *node) {
    hm_answer *answer = add(asking, HM_CACHE_GET);
    snprintf(asking->note, sizeof asking->note, HM_RECORD_NOTES "%s", node);
    answer->request.name = asking->note;
}

size_t hm_asking_count(const hm_asking *asking) {
    return asking->count;
}

void hm_asking_begin(hm_asking *asking) {
    const hm_cache_store *bytes = asking->store->bytes;
    atomic_init(&asking->missing, asking->count);
    asking->is_answered = false;
    bytes->ask(bytes->self, &asking->answers[0].request);
}

void hm_asking_wait(hm_asking *asking) {
    uv_mutex_t *lock = &asking->store->lock;
    uv_mutex_lock(lock);
    asking->is_awaited = !asking->is_answered;
    uv_mutex_unlock(lock);
    if (asking->is_awaited) {
        uv_sem_wait(&asking->is_there);
        uv_mutex_lock(lock); // whoever posted has left it
        uv_mutex_unlock(lock);
    }
}

hm_asked hm_asking_hold(hm_asking *asking, hm_call *call) {
    hm_asked asked = HM_ASKED_ANSWERED;
    uv_mutex_lock(&asking->store->lock);
    asking->call = NULL;
    if (!asking->is_answered) {
        bool is_held = hm_call_hold(call, 0);
        asking->call = is_held ? call : NULL;
        asked = is_held ? HM_ASKED_HELD : HM_ASKED_STOPPED;
    }
    uv_mutex_unlock(&asking->store->lock);
    return asked;
}

hm_cached *hm_asking_take(hm_asking *asking, size_t which) {
    hm_cached *record = asking->answers[which].record;
    asking->answers[which].record = NULL;
    return record;
}

bool hm_asking_has_claimed(const hm_asking *asking, size_t which) {
    return asking->answers[which].request.is_claimed;
}

bool hm_asking_was_served(const hm_asking *asking, size_t which) {
    return asking->answers[which].request.status == HM_OK;
}

void hm_asking_end(hm_asking *asking) {
    if (asking == NULL) {
        return;
    }
    uv_mutex_t *lock = &asking->store->lock;
    uv_mutex_lock(lock);
    bool is_answered = asking->is_answered;
    asking->is_abandoned = !is_answered;
    asking->call = NULL;
    uv_mutex_unlock(lock);
    if (is_answered) {
        destroy(asking);
    }
}
