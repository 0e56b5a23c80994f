// progress.c — the hooks that count, and the thread that shows what was counted.

#include "adapters/progress/progress.h"

#include <string.h>
#include <uv.h>

#include "base/allocator.h"
#include "base/error.h"
#include "base/sized.h"

#define HM_SECOND UINT64_C(1000000000)

struct hm_progress {
    hm_adapter adapter;
    const hm_allocator *allocator;
    hm_progress_options options;
    bool has_thread;
    uv_thread_t thread;

    uv_mutex_t lock;
    uv_cond_t work; // of the thread
    uv_cond_t free; // of those who wait for their turn to write
    // Protected by lock.
    hm_progress_run *runs;  // under way, the first to begin first
    hm_progress_run **last; // where the next one is linked
    uint64_t next;          // by uv_hrtime(): when something is shown again
    uint64_t gap;           // from then to the next time
    uint64_t last_ended;    // when a run did
    bool is_shown;          // a line stands on the terminal
    bool is_written;        // somebody writes, without the lock
    bool sleeps;            // the thread, until it is told that there is a run
    bool is_closing;
};

static size_t width_of(const hm_progress *progress) {
    const hm_progress_options *options = &progress->options;
    return options->width != NULL ? options->width(options->to) : 80;
}

// Without the lock, which is had again after it; one at a time.
static void write_out(hm_progress *progress, const char *text, size_t length) {
    progress->is_written = true;
    uv_mutex_unlock(&progress->lock);
    // Who cannot be told is not told.
    (void)progress->options.write(text, length, progress->options.to);
    uv_mutex_lock(&progress->lock);
    progress->is_written = false;
    uv_cond_broadcast(&progress->free);
}

// The run that began first of those that are to be shown, or NULL.
static hm_progress_run *shown(const hm_progress *progress) {
    hm_progress_run *run = progress->runs;
    while (run != NULL && run->is_dismissed) {
        run = run->next;
    }
    return run;
}

static void show(hm_progress *progress, const hm_progress_run *run, uint64_t now) {
    const hm_progress_options *options = &progress->options;
    char line[HM_PROGRESS_LINE_SIZE];
    size_t length = options->is_terminal
                            ? hm_progress_draw(run, now, width_of(progress),
                                      options->has_colour, line)
                            : hm_progress_tell(run, now, line);
    progress->is_shown = options->is_terminal;
    progress->next = now + progress->gap;
    if (!options->is_terminal && options->period == 0) {
        uint64_t twice = 2 * progress->gap;
        progress->gap = twice < 60 * HM_SECOND ? twice : 60 * HM_SECOND;
    }
    write_out(progress, line, length);
}

static void clear_away(hm_progress *progress) {
    static const char clear[] = "\r\033[K";
    progress->is_shown = false;
    write_out(progress, clear, sizeof clear - 1);
}

// While runs come one after the other the thread looks now and then: to be told of
// each would cost short ones more than they take.
static void wait_for_runs(hm_progress *progress, uint64_t now) {
    if (now - progress->last_ended < HM_SECOND) {
        uint64_t nap = progress->options.delay / 4;
        nap = nap > HM_SECOND / 1000 ? nap : HM_SECOND / 1000;
        nap = nap < HM_SECOND / 10 ? nap : HM_SECOND / 10;
        uv_cond_timedwait(&progress->work, &progress->lock, nap);
        return;
    }
    progress->sleeps = true;
    uv_cond_wait(&progress->work, &progress->lock);
    progress->sleeps = false;
}

static void watch(void *argument) {
    hm_progress *progress = argument;
    uv_mutex_lock(&progress->lock);
    for (;;) {
        uint64_t now = uv_hrtime();
        const hm_progress_run *run = shown(progress);
        if (progress->is_written) {
            uv_cond_wait(&progress->free, &progress->lock);
        } else if (run == NULL && progress->is_shown) {
            clear_away(progress);
        } else if (progress->is_closing) {
            break;
        } else if (run == NULL) {
            wait_for_runs(progress, now);
        } else {
            uint64_t due = run->begun + progress->options.delay;
            due = due > progress->next ? due : progress->next;
            if (now < due) {
                uv_cond_timedwait(&progress->work, &progress->lock, due - now);
            } else {
                show(progress, run, now);
            }
        }
    }
    uv_mutex_unlock(&progress->lock);
}

static size_t size_of(const hm_planned *planned) {
    return sizeof(hm_progress_run) + planned->node_count * sizeof(hm_progress_node);
}

static hm_status begin_run(void *self, hm_running *running, hm_error *error) {
    hm_progress *progress = self;
    size_t size = size_of(running->planned);
    hm_progress_run *run =
            hm_allocate(progress->allocator, size, _Alignof(hm_progress_run));
    if (run == NULL) {
        return hm_error_no_memory(error);
    }
    memset(run, 0, size);
    run->planned = running->planned;
    run->begun = uv_hrtime();
    running->self = run;
    uv_mutex_lock(&progress->lock);
    if (shown(progress) == NULL && !progress->is_shown) {
        progress->gap = progress->options.period;
        if (progress->gap == 0) {
            progress->gap = progress->options.is_terminal ? HM_SECOND / 10 : HM_SECOND;
        }
        // A line is due after a while, a drawing at once.
        bool is_terminal = progress->options.is_terminal;
        progress->next = run->begun + (is_terminal ? 0 : progress->gap);
    }
    *progress->last = run;
    progress->last = &run->next;
    if (progress->sleeps) {
        uv_cond_signal(&progress->work);
    }
    uv_mutex_unlock(&progress->lock);
    return HM_OK;
}

static void unlink_run(hm_progress *progress, hm_progress_run *run) {
    hm_progress_run **link = &progress->runs;
    while (*link != run) {
        link = &(*link)->next;
    }
    *link = run->next;
    if (progress->last == &run->next) {
        progress->last = link;
    }
}

// Until nobody writes. Who is not taken anything from is not waited for: false.
static bool wait_for_turn(hm_progress *progress) {
    uint64_t end = uv_hrtime() + HM_SECOND / 4;
    uint64_t now = 0;
    while (progress->is_written && (now = uv_hrtime()) < end) {
        uv_cond_timedwait(&progress->free, &progress->lock, end - now);
    }
    return !progress->is_written;
}

// With the lock: a run is over, as far as it is shown. What others write next stands
// alone: so this is done here, and not when the thread comes to it.
static void tell_end(
        hm_progress *progress, const hm_progress_run *run, hm_status status) {
    uint64_t now = uv_hrtime();
    if (!progress->options.is_terminal) {
        if (progress->has_thread && now - run->begun >= progress->options.delay) {
            char line[HM_PROGRESS_LINE_SIZE];
            size_t length = hm_progress_tell_end(run, now, status, line);
            if (wait_for_turn(progress)) {
                write_out(progress, line, length);
            }
        }
        return;
    }
    // While one of several waits for its turn the others may have cleared it away.
    if (progress->is_shown && shown(progress) == NULL && wait_for_turn(progress) &&
            progress->is_shown && shown(progress) == NULL) {
        clear_away(progress);
    }
}

static void end_run(
        void *self, hm_running *running, hm_status status, const char *message) {
    (void)message;
    hm_progress *progress = self;
    hm_progress_run *run = running->self;
    if (run == NULL) {
        return;
    }
    uv_mutex_lock(&progress->lock);
    unlink_run(progress, run);
    progress->last_ended = uv_hrtime();
    if (!run->is_dismissed) {
        tell_end(progress, run, status);
    }
    uv_mutex_unlock(&progress->lock);
    hm_deallocate(progress->allocator, run, size_of(running->planned),
            _Alignof(hm_progress_run));
}

static hm_progress_node *node_of(
        const hm_running *running, const hm_planned_node *node) {
    hm_progress_run *run = running->self;
    return run != NULL ? &run->nodes[node->number] : NULL;
}

// What is called again is not done yet, after all.
static void set_state(
        const hm_running *running, hm_progress_node *node, hm_progress_state state) {
    hm_progress_run *run = running->self;
    uint32_t before =
            atomic_exchange_explicit(&node->state, state, memory_order_relaxed);
    if ((before == HM_PROGRESS_DONE) != (state == HM_PROGRESS_DONE)) {
        atomic_fetch_add_explicit(&run->done_count,
                state == HM_PROGRESS_DONE ? 1 : UINT32_MAX, memory_order_relaxed);
    }
}

static hm_status before(void *self, hm_call *call, hm_error *error) {
    (void)self;
    (void)error;
    hm_progress_node *node = node_of(call->running, call->node);
    if (node != NULL) {
        atomic_store_explicit(&node->row_count, call->row_count, memory_order_relaxed);
        atomic_store_explicit(&node->done_count, 0, memory_order_relaxed);
        set_state(call->running, node, HM_PROGRESS_UNDER_WAY);
    }
    return HM_OK;
}

static hm_status after(void *self, hm_call *call, hm_error *error) {
    (void)self;
    (void)error;
    hm_progress_node *node = node_of(call->running, call->node);
    if (node != NULL) {
        set_state(call->running, node, HM_PROGRESS_DONE);
    }
    return HM_OK;
}

static void skip(void *self, hm_running *running, const hm_planned_node *planned,
        hm_skip reason, const hm_planned_node *cause) {
    (void)self;
    (void)reason;
    (void)cause;
    hm_progress_node *node = node_of(running, planned);
    if (node != NULL) {
        set_state(running, node, HM_PROGRESS_DONE);
    }
}

static void progress_rows(void *self, hm_running *running,
        const hm_planned_node *planned, size_t done, size_t count) {
    (void)self;
    (void)count;
    hm_progress_node *node = node_of(running, planned);
    // They come in any order; one that overtakes another is put right by the next.
    if (node != NULL &&
            done > atomic_load_explicit(&node->done_count, memory_order_relaxed)) {
        atomic_store_explicit(&node->done_count, done, memory_order_relaxed);
    }
}

static bool init_locks(hm_progress *progress) {
    if (uv_mutex_init(&progress->lock) != 0) {
        return false;
    }
    if (uv_cond_init(&progress->work) != 0) {
        uv_mutex_destroy(&progress->lock);
        return false;
    }
    if (uv_cond_init(&progress->free) != 0) {
        uv_cond_destroy(&progress->work);
        uv_mutex_destroy(&progress->lock);
        return false;
    }
    return true;
}

hm_status hm_progress_create(
        const hm_progress_options *options, hm_progress **progress, hm_error *error) {
    hm_progress_options known;
    HM_TRY(hm_sized_read(
            options, &known, sizeof known, "HM_PROGRESS_OPTIONS_INIT", error));
    if (known.write == NULL) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "progress has a function that writes what it shows");
    }
    const hm_allocator *allocator = hm_allocator_or_default(known.allocator);
    hm_progress *created = hm_allocate_array(allocator, 1, sizeof *created);
    if (created == NULL || !init_locks(created)) {
        hm_deallocate_array(allocator, created, 1, sizeof *created);
        return hm_error_no_memory(error);
    }
    created->allocator = allocator;
    created->options = known;
    created->options.delay = known.delay > 0 ? known.delay : HM_SECOND / 2;
    created->last = &created->runs;
    created->adapter = (hm_adapter){.struct_size = sizeof(hm_adapter),
            .name = "progress",
            .self = created,
            .only_observes = true,
            .wants = hm_want_to_see,
            .run_began = begin_run,
            .run_ended = end_run,
            .before = before,
            .after = after,
            .skipped = skip,
            .progressed = progress_rows};
    created->has_thread = uv_thread_create(&created->thread, watch, created) == 0;
    *progress = created;
    return HM_OK;
}

const hm_adapter *hm_progress_adapter(const hm_progress *progress) {
    return &progress->adapter;
}

void hm_progress_dismiss(hm_progress *progress) {
    uv_mutex_lock(&progress->lock);
    hm_progress_run *run;
    while ((run = shown(progress)) != NULL) {
        run->is_dismissed = true;
        tell_end(progress, run, HM_DEADLINE); // it may be gone after this
    }
    uv_mutex_unlock(&progress->lock);
}

void hm_progress_destroy(hm_progress *progress) {
    if (progress == NULL) {
        return;
    }
    uv_mutex_lock(&progress->lock);
    progress->is_closing = true;
    uv_cond_signal(&progress->work);
    uv_mutex_unlock(&progress->lock);
    if (progress->has_thread) {
        uv_thread_join(&progress->thread);
    }
    uv_cond_destroy(&progress->free);
    uv_cond_destroy(&progress->work);
    uv_mutex_destroy(&progress->lock);
    hm_deallocate_array(progress->allocator, progress, 1, sizeof *progress);
}
