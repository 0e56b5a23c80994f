// faults.c — see <hamilton/faults.h>.

#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <uv.h>

#include <hamilton/faults.h>

#include "adapters/rule/which.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/names.h"
#include "base/sized.h"

static const char usual_message[] = "a fault that was asked for";

// The calls of the nodes of one name, in whatever driver.
typedef struct hm_faulty {
    const char *name;
    uint64_t random; // of the name
    _Atomic(uint64_t) call_count;
} hm_faulty;

typedef struct hm_fault_rule {
    hm_which which;
    hm_fault fault;
} hm_fault_rule;

struct hm_fault_injection {
    hm_adapter adapter;
    const hm_allocator *allocator;
    uint64_t seed;
    hm_fault_rule *rules;
    size_t rule_count;

    uv_mutex_t lock; // protects what follows, but for the counts
    hm_arena arena;
    hm_names names;
    hm_faulty **nodes; // by the numbers of names
    uint32_t node_count;
};

static hm_status check(void *self, const hm_graph *graph, hm_error *error) {
    const hm_fault_injection *injection = self;
    for (size_t i = 0; i < injection->rule_count; i++) {
        HM_TRY(hm_which_check_computed(
                &injection->rules[i].which, graph, "a fault", error));
    }
    return HM_OK;
}

static hm_want want(void *self, const hm_graph *graph, const hm_planned_node *node) {
    const hm_fault_injection *injection = self;
    for (size_t i = 0; i < injection->rule_count; i++) {
        if (hm_which_fits(&injection->rules[i].which, graph, node)) {
            return HM_WANT_TO_WRAP;
        }
    }
    return HM_WANT_NOTHING;
}

// SplitMix64 (Steele, Lea, Flood 2014): the number after a state.
static uint64_t mix(uint64_t state) {
    uint64_t z = state + UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t mix_text(const char *text) {
    uint64_t state = 0;
    for (; *text != '\0'; text++) {
        state = mix(state ^ (unsigned char)*text);
    }
    return state;
}

// What is known of a name, made if it is new; with the lock. NULL if memory ran out.
static hm_faulty *find(hm_fault_injection *injection, const char *name) {
    uint32_t number = hm_names_find(&injection->names, name);
    if (number != HM_NAMES_ABSENT) {
        return injection->nodes[number];
    }
    hm_arena *arena = &injection->arena;
    hm_faulty *node = hm_arena_array(arena, 1, sizeof *node);
    const char *copy = hm_arena_text(arena, name);
    hm_faulty **nodes = hm_arena_grow(
            arena, injection->nodes, injection->node_count, sizeof *nodes);
    uint32_t *slot = node != NULL && copy != NULL && nodes != NULL
                             ? hm_names_put(&injection->names, copy)
                             : NULL;
    if (slot == NULL) {
        return NULL;
    }
    *node = (hm_faulty){.name = copy, .random = mix_text(copy)};
    *slot = injection->node_count;
    nodes[injection->node_count++] = node;
    injection->nodes = nodes;
    return node;
}

// Finds what is known of the nodes of a plan once.
static hm_status plan_compiled(void *self, hm_planned *planned, hm_error *error) {
    hm_fault_injection *injection = self;
    hm_faulty **nodes =
            hm_allocate_array(injection->allocator, planned->node_count, sizeof *nodes);
    bool is_complete = nodes != NULL;
    uv_mutex_lock(&injection->lock);
    for (uint32_t n = 0; n < planned->node_count && is_complete; n++) {
        const hm_planned_node *node = &planned->nodes[n];
        if (want(self, planned->graph, node) != HM_WANT_NOTHING) {
            nodes[n] = find(injection, node->name);
            is_complete = nodes[n] != NULL;
        }
    }
    uv_mutex_unlock(&injection->lock);
    if (!is_complete) {
        hm_deallocate_array(
                injection->allocator, nodes, planned->node_count, sizeof *nodes);
        return hm_error_no_memory(error);
    }
    planned->self = nodes;
    return HM_OK;
}

static void plan_ended(void *self, hm_planned *planned) {
    const hm_fault_injection *injection = self;
    hm_deallocate_array(injection->allocator, planned->self, planned->node_count,
            sizeof(hm_faulty *));
}

// From 0 up to 1.
static double draw(uint64_t *state) {
    *state = mix(*state);
    return (double)(*state >> 11) * 0x1p-53;
}

// The sum of twelve draws is normally distributed, near enough, and has no far ends.
static uint64_t draw_delay(const hm_fault *fault, uint64_t *state) {
    enum { DRAWS = 12 };
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) {
        sum += draw(state);
    }
    double delay =
            (double)fault->delay + (double)fault->deviation * (sum - DRAWS / 2.0);
    return delay > 0 ? delay < 0x1p63 ? (uint64_t)delay : UINT64_C(1) << 63 : 0;
}

// Sleeps, but not on when nobody waits for the run any more.
static void sleep_for(const hm_call *call, uint64_t delay) {
    const uint64_t most = 1000000;
    uint64_t end = uv_hrtime() + delay;
    for (uint64_t now = uv_hrtime(); now < end && !hm_call_is_stopped(call);
            now = uv_hrtime()) {
        uint64_t rest = end - now < most ? end - now : most;
        nanosleep(&(struct timespec){.tv_nsec = (long)rest}, NULL);
    }
}

static hm_status before(void *self, hm_call *call, hm_error *error) {
    const hm_fault_injection *injection = self;
    const hm_planned *planned = call->running->planned;
    hm_faulty *node = ((hm_faulty **)planned->self)[call->node->number];
    // Relaxed: numbers are only told apart.
    uint64_t number =
            1 + atomic_fetch_add_explicit(&node->call_count, 1, memory_order_relaxed);
    uint64_t delay = 0;
    const char *message = NULL;
    for (size_t i = 0; i < injection->rule_count; i++) {
        const hm_fault_rule *rule = &injection->rules[i];
        if (!hm_which_fits(&rule->which, planned->graph, call->node)) {
            continue;
        }
        uint64_t state = mix(mix(injection->seed + i) ^ node->random) ^ mix(number);
        uint64_t more = draw_delay(&rule->fault, &state);
        delay = more < UINT64_MAX - delay ? delay + more : UINT64_MAX;
        bool fails =
                draw(&state) < rule->fault.probability || rule->fault.fail_at == number;
        message = message == NULL && fails ? rule->fault.message : message;
    }
    sleep_for(call, delay);
    if (message == NULL || hm_call_fail(call, "%s", message) == HM_OK) {
        return HM_OK;
    }
    // A switch cannot be failed as a function is, but by the adapter.
    return hm_error_set(error, HM_NODE_FAILED, "%s", message);
}

static hm_status read_rule(hm_fault_injection *injection, const hm_fault *fault,
        size_t number, hm_error *error) {
    if (!(fault->probability >= 0 && fault->probability <= 1)) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "the probability of fault %zu is from 0 to 1, but is %g", number,
                fault->probability);
    }
    hm_fault_rule *rule = &injection->rules[number];
    *rule = (hm_fault_rule){{fault->node, fault->tag}, *fault};
    rule->fault.message = hm_arena_text(
            &injection->arena, fault->message != NULL ? fault->message : usual_message);
    return hm_which_copy(&rule->which, &injection->arena) && rule->fault.message != NULL
                   ? HM_OK
                   : hm_error_no_memory(error);
}

static hm_status init(hm_fault_injection *injection, const hm_faults_options *options,
        hm_error *error) {
    injection->rules = hm_arena_array(
            &injection->arena, options->count + 1, sizeof *injection->rules);
    if (injection->rules == NULL) {
        return hm_error_no_memory(error);
    }
    for (size_t i = 0; i < options->count; i++) {
        HM_TRY(read_rule(injection, &options->items[i], i, error));
    }
    injection->rule_count = options->count;
    injection->seed = options->seed;
    injection->adapter = (hm_adapter){.struct_size = sizeof(hm_adapter),
            .name = "faults",
            .self = injection,
            .graph_built = check,
            .wants = want,
            .plan_compiled = plan_compiled,
            .plan_ended = plan_ended,
            .before = before};
    return HM_OK;
}

hm_status hm_fault_injection_create(const hm_faults_options *options,
        hm_fault_injection **injection, hm_error *error) {
    hm_faults_options known;
    HM_TRY(hm_sized_read(
            options, &known, sizeof known, "HM_FAULTS_OPTIONS_INIT", error));
    const hm_allocator *allocator = hm_allocator_or_default(known.allocator);
    hm_fault_injection *created = hm_allocate_array(allocator, 1, sizeof *created);
    if (created == NULL) {
        return hm_error_no_memory(error);
    }
    if (uv_mutex_init(&created->lock) != 0) {
        hm_deallocate_array(allocator, created, 1, sizeof *created);
        return hm_error_no_memory(error);
    }
    created->allocator = allocator;
    hm_arena_init(&created->arena, allocator);
    hm_names_init(&created->names, allocator);
    hm_status status = init(created, &known, error);
    if (status != HM_OK) {
        hm_fault_injection_destroy(created);
        return status;
    }
    *injection = created;
    return HM_OK;
}

const hm_adapter *hm_fault_injection_adapter(const hm_fault_injection *injection) {
    return &injection->adapter;
}

uint64_t hm_fault_injection_calls(hm_fault_injection *injection, const char *node) {
    uv_mutex_lock(&injection->lock);
    uint32_t number = hm_names_find(&injection->names, node);
    // Relaxed: a number.
    uint64_t count =
            number == HM_NAMES_ABSENT
                    ? 0
                    : atomic_load_explicit(&injection->nodes[number]->call_count,
                              memory_order_relaxed);
    uv_mutex_unlock(&injection->lock);
    return count;
}

void hm_fault_injection_destroy(hm_fault_injection *injection) {
    if (injection == NULL) {
        return;
    }
    const hm_allocator *allocator = injection->allocator;
    hm_names_finish(&injection->names);
    hm_arena_finish(&injection->arena);
    uv_mutex_destroy(&injection->lock);
    hm_deallocate_array(allocator, injection, 1, sizeof *injection);
}
