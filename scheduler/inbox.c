// inbox.c — see inbox.h.

#include "scheduler/inbox.h"

#include <stddef.h>

bool hm_inbox_init(hm_inbox *inbox) {
    return uv_mutex_init(&inbox->lock) == 0;
}

void hm_inbox_finish(hm_inbox *inbox) {
    uv_mutex_destroy(&inbox->lock);
}

void hm_inbox_put(hm_inbox *inbox, hm_ticket *ticket) {
    hm_level level = ticket->job->level;
    ticket->next = NULL;
    uv_mutex_lock(&inbox->lock);
    if (inbox->last[level] != NULL) {
        inbox->last[level]->next = ticket;
    } else {
        inbox->first[level] = ticket;
    }
    inbox->last[level] = ticket;
    // In the one total order with going idle, see pool.h.
    atomic_fetch_add_explicit(&inbox->counts[level], 1, memory_order_seq_cst);
    uv_mutex_unlock(&inbox->lock);
}

// With the lock held: the link to the ticket that is wanted, and the one before it.
static hm_ticket **find(
        hm_inbox *inbox, hm_level level, const hm_job *only, hm_ticket **before) {
    hm_ticket **link = &inbox->first[level];
    *before = NULL;
    while (*link != NULL && only != NULL && (*link)->job != only) {
        *before = *link;
        link = &(*link)->next;
    }
    return link;
}

hm_ticket *hm_inbox_take(hm_inbox *inbox, hm_level level, const hm_job *only) {
    // Relaxed: a look in vain costs another look; who goes idle looks in total order.
    if (atomic_load_explicit(&inbox->counts[level], memory_order_relaxed) == 0) {
        return NULL;
    }
    uv_mutex_lock(&inbox->lock);
    hm_ticket *before;
    hm_ticket **link = find(inbox, level, only, &before);
    hm_ticket *ticket = *link;
    if (ticket != NULL) {
        *link = ticket->next;
        if (inbox->last[level] == ticket) {
            inbox->last[level] = before;
        }
        atomic_fetch_sub_explicit(&inbox->counts[level], 1, memory_order_seq_cst);
    }
    uv_mutex_unlock(&inbox->lock);
    return ticket;
}

bool hm_inbox_has(hm_inbox *inbox, hm_level level, const hm_job *only) {
    if (atomic_load_explicit(&inbox->counts[level], memory_order_seq_cst) == 0) {
        return false;
    }
    uv_mutex_lock(&inbox->lock);
    hm_ticket *before;
    bool has = *find(inbox, level, only, &before) != NULL;
    uv_mutex_unlock(&inbox->lock);
    return has;
}
