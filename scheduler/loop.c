// loop.c — see loop.h.

#include "scheduler/loop.h"

#include "base/allocator.h"
#include "scheduler/thread.h"

struct hm_loop {
    const hm_allocator *allocator;
    uv_loop_t own; // unless it is an embedder's
    uv_loop_t *uv;
    uv_async_t wanted;
    uv_thread_t thread; // of the loop; of an embedder's, who attached it
    bool is_own;

    // Loop's thread only.
    uv_timer_t clock;
    hm_alarm *first_alarm; // by time
    hm_alarm *last_alarm;
    uint32_t hold_count;
    uint32_t open_count; // handles that are not closed

    uv_mutex_t lock;
    hm_note *first; // protected by lock, as all that follow
    hm_note *last;
    bool is_ending;
    hm_thread runner; // of our own
};

static void free_loop(hm_loop *loop) {
    uv_mutex_destroy(&loop->lock);
    hm_deallocate_array(loop->allocator, loop, 1, sizeof *loop);
}

static void note_closed(uv_handle_t *handle) {
    hm_loop *loop = handle->data;
    if (--loop->open_count == 0 && !loop->is_own) {
        free_loop(loop);
    }
}

static void close_handles(hm_loop *loop) {
    if (!uv_is_closing((uv_handle_t *)&loop->wanted)) {
        uv_close((uv_handle_t *)&loop->wanted, note_closed);
        uv_close((uv_handle_t *)&loop->clock, note_closed);
    }
}

static void start_clock(hm_loop *loop);

static void act_on_clock(uv_timer_t *clock) {
    hm_loop *loop = clock->data;
    hm_alarm *alarm = loop->first_alarm;
    while (alarm != NULL && alarm->time <= uv_hrtime()) {
        hm_loop_stop_alarm(loop, alarm);
        alarm->act(alarm);
        alarm = loop->first_alarm;
    }
    start_clock(loop);
}

// It counts in milliseconds.
static void start_clock(hm_loop *loop) {
    if (loop->first_alarm == NULL || uv_is_closing((uv_handle_t *)&loop->clock)) {
        return;
    }
    uint64_t now = uv_hrtime();
    uint64_t time = loop->first_alarm->time;
    uv_update_time(loop->uv);
    uv_timer_start(&loop->clock, act_on_clock,
            time > now ? (time - now + 999999) / 1000000 : 0, 0);
}

static void act_on_notes(uv_async_t *wanted) {
    hm_loop *loop = wanted->data;
    uv_mutex_lock(&loop->lock);
    hm_note *note = loop->first;
    loop->first = loop->last = NULL;
    bool is_ending = loop->is_ending;
    hm_thread_free(&loop->runner);
    uv_mutex_unlock(&loop->lock);
    while (note != NULL) {
        hm_note *next = note->next;
        note->act(note);
        note = next;
    }
    if (is_ending) {
        close_handles(loop);
    }
}

static hm_loop *create(uv_loop_t *uv, const hm_allocator *allocator) {
    hm_loop *loop = hm_allocate_array(allocator, 1, sizeof *loop);
    if (loop == NULL) {
        return NULL;
    }
    loop->allocator = allocator;
    loop->is_own = uv == NULL;
    loop->uv = uv != NULL ? uv : &loop->own;
    loop->wanted.data = loop;
    loop->clock.data = loop;
    if (uv_mutex_init(&loop->lock) != 0) {
        hm_deallocate_array(allocator, loop, 1, sizeof *loop);
        return NULL;
    }
    return loop;
}

static bool open_handles(hm_loop *loop) {
    if (uv_async_init(loop->uv, &loop->wanted, act_on_notes) != 0) {
        return false;
    }
    uv_timer_init(loop->uv, &loop->clock); // which cannot fail
    uv_unref((uv_handle_t *)&loop->clock);
    loop->open_count = 2;
    return true;
}

hm_loop *hm_loop_attach(uv_loop_t *uv, const hm_allocator *allocator) {
    hm_loop *loop = create(uv, allocator);
    if (loop == NULL) {
        return NULL;
    }
    loop->thread = uv_thread_self();
    if (!open_handles(loop)) {
        free_loop(loop);
        return NULL;
    }
    uv_unref((uv_handle_t *)&loop->wanted);
    return loop;
}

static void run_own(void *argument) {
    hm_loop *loop = argument;
    hm_thread_name("hamilton-loop");
    uv_mutex_lock(&loop->lock);
    hm_thread_note(&loop->runner);
    uv_mutex_unlock(&loop->lock);
    uv_run(&loop->own, UV_RUN_DEFAULT);
}

hm_loop *hm_loop_start(const hm_allocator *allocator) {
    hm_loop *loop = create(NULL, allocator);
    if (loop == NULL) {
        return NULL;
    }
    if (uv_loop_init(&loop->own) != 0) {
        free_loop(loop);
        return NULL;
    }
    bool is_open = open_handles(loop);
    if (is_open && uv_thread_create(&loop->thread, run_own, loop) == 0) {
        return loop;
    }
    if (is_open) {
        close_handles(loop);
        uv_run(&loop->own, UV_RUN_DEFAULT);
    }
    uv_loop_close(&loop->own);
    free_loop(loop);
    return NULL;
}

void hm_loop_end(hm_loop *loop) {
    if (loop == NULL) {
        return;
    }
    bool is_own = loop->is_own;
    bool is_here = hm_loop_is_here(loop);
    uv_mutex_lock(&loop->lock);
    loop->is_ending = true;
    if (!is_here) {
        uv_async_send(&loop->wanted); // with the lock held: its thread may free it then
    }
    uv_mutex_unlock(&loop->lock);
    if (is_here) {
        act_on_notes(&loop->wanted);
    }
    if (!is_own) {
        return;
    }
    uv_thread_join(&loop->thread);
    uv_loop_close(&loop->own);
    free_loop(loop);
}

void hm_loop_post(hm_loop *loop, hm_note *note) {
    note->next = NULL;
    uv_mutex_lock(&loop->lock);
    if (loop->last != NULL) {
        loop->last->next = note;
    } else {
        loop->first = note;
    }
    loop->last = note;
    if (loop->is_own && !hm_loop_is_here(loop)) {
        hm_thread_keep_off(&loop->runner);
    }
    uv_async_send(&loop->wanted);
    uv_mutex_unlock(&loop->lock);
}

bool hm_loop_is_here(const hm_loop *loop) {
    uv_thread_t self = uv_thread_self();
    return uv_thread_equal(&self, &loop->thread) != 0;
}

uv_loop_t *hm_loop_uv(hm_loop *loop) {
    return loop->uv;
}

void hm_loop_set_alarm(hm_loop *loop, hm_alarm *alarm) {
    // Most are later than all before.
    hm_alarm *before = loop->last_alarm;
    while (before != NULL && before->time > alarm->time) {
        before = before->before;
    }
    alarm->before = before;
    alarm->after = before != NULL ? before->after : loop->first_alarm;
    *(before != NULL ? &before->after : &loop->first_alarm) = alarm;
    *(alarm->after != NULL ? &alarm->after->before : &loop->last_alarm) = alarm;
    alarm->is_set = true;
    if (loop->first_alarm == alarm) {
        start_clock(loop);
    }
}

void hm_loop_stop_alarm(hm_loop *loop, hm_alarm *alarm) {
    if (!alarm->is_set) {
        return;
    }
    *(alarm->before != NULL ? &alarm->before->after : &loop->first_alarm) =
            alarm->after;
    *(alarm->after != NULL ? &alarm->after->before : &loop->last_alarm) = alarm->before;
    alarm->is_set = false;
}

void hm_loop_hold(hm_loop *loop) {
    if (loop->hold_count++ == 0) {
        uv_ref((uv_handle_t *)&loop->wanted);
    }
}

void hm_loop_let_go(hm_loop *loop) {
    if (--loop->hold_count == 0 && !loop->is_own) {
        uv_unref((uv_handle_t *)&loop->wanted);
    }
}
