// fuse.c — the pass after guards: calls that are mapped over the same rows run
// together, as pipelines. A pipeline goes through its rows block by block, so that what
// its members hand on to each other stays in the cache and is never written to memory.
//
//     x ─▶ double ─▶ sum ─▶ mean (of all rows) ─▶ centre ─▶ …      stages: double,
//     y ──────────────▲                           ▲                sum: 0, mean: 1,
//     x ──────────────────────────────────────────┘                centre: 2
//
// What needs a whole array, unless it is a reduction, waits for the end of the pipeline
// that makes it. So every call has a stage: a pipeline's members hand values on within
// their stage, and everything else comes at least one stage after what it needs. All
// members of a dimension that have the same stage are one pipeline: a way that leaves
// it has no way back, since stages only grow on it.
//
// A reduction takes arrays in chunks of a fixed length and makes one value, which is
// there when the pipeline has ended. It is a member of the pipeline of its arrays,
// which may be made by other members: what nobody else needs lies in the memory of a
// chunk.
//
// A call that passes its rows on, if what others found of them allows it, is a member
// that is not run on rows. Who reads what it makes reads what it takes. That it fails
// is known when the pipeline has ended, and then its readers have failed with it.
//
// A mapped call that an adapter wraps, or that waits for room, begins and ends as a
// whole: it is a pipeline of its own, which its own step runs from front to back.
//
// First, all calls have the earliest stage. Then members that are connected move to
// a later one together if that saves reading or writing arrays: they often read
// what the later stage reads anyhow.

#include <string.h>

#include "base/error.h"
#include "engine/adapted.h"
#include "engine/pipeline.h"
#include "engine/plan.h"
#include "engine/walk.h"

enum {
    MOST_STAGES = 16,  // that are tried for a component
    MOST_READERS = 32, // of a value that are looked at while guessing what is saved
};

typedef struct hm_fusing {
    hm_compilation *compilation;
    hm_plan *plan;
    bool *is_alone;         // by call: it is a pipeline of its own
    uint32_t *first_reader; // by value, one more than values: into readers
    uint32_t *readers;      // calls, each once for each parameter, and who waits for it
    uint32_t *dimension;    // by call: that it is fused over, or HM_NONE, see key_of
    uint32_t *first_key;    // by laziness: a call, the first that is fused
    uint32_t *next_key;     // by that: one over another dimension, or HM_NONE
    uint32_t *dimension_of_key; // by that
    uint32_t *stage;            // by call
    uint32_t *component;        // by call: the first call of its component
    uint32_t *next_member;      // by call: the next of its component, or HM_NONE
    uint32_t *last_member;      // by component
} hm_fusing;

static const hm_plan_value *value_at(
        const hm_fusing *fusing, uint32_t call, size_t operand) {
    const hm_plan *plan = fusing->plan;
    return &plan->values[hm_plan_operands(plan, call)[operand].value];
}

static const hm_function *function_of(const hm_fusing *fusing, uint32_t call) {
    return hm_plan_graph_call(fusing->plan, call)->function;
}

// Whether a call can be run on some rows now and on others later, by any thread.
static bool can_be_fused(const hm_fusing *fusing, uint32_t call) {
    const hm_plan_call *own = &fusing->plan->calls[call];
    const hm_function *function = function_of(fusing, call);
    if (own->guard != HM_NONE || function->start != NULL ||
            hm_adapted_want(fusing->plan, call) > HM_WANT_TO_SEE) {
        return false;
    }
    // What passes an array on decides for all of it, not row by row.
    bool passes_arrays = (own->traits & HM_CALL_PASSES) != 0 &&
                         (own->loop_depth > 1 || function->dimension_count > 0);
    return own->loop_depth > 0 ? !passes_arrays
                               : hm_plan_call_is_reduction(fusing->plan, call);
}

// Whether a call is a pipeline of its own. What passes its rows on decides for all of
// them.
static bool is_alone(const hm_fusing *fusing, uint32_t call) {
    const hm_plan_call *own = &fusing->plan->calls[call];
    bool is_apart = own->guard != HM_NONE ||
                    hm_adapted_want(fusing->plan, call) > HM_WANT_TO_SEE;
    return is_apart && own->loop_depth > 0 && (own->traits & HM_CALL_PASSES) == 0 &&
           function_of(fusing, call)->start == NULL;
}

// Whether the parameter goes along with the rows.
static bool is_stream(const hm_fusing *fusing, uint32_t call, size_t p) {
    bool is_array = function_of(fusing, call)->parameters[p].shape == HM_ARRAY;
    if (hm_plan_call_is_reduction(fusing->plan, call)) {
        return is_array;
    }
    return value_at(fusing, call, p)->depth > is_array;
}

// Whether a call decides by what a reduction made, once the pipeline has ended.
static bool decides_by(
        const hm_fusing *fusing, uint32_t maker, uint32_t reader, size_t p) {
    return p > 0 && (fusing->plan->calls[reader].traits & HM_CALL_PASSES) != 0 &&
           hm_plan_call_is_reduction(fusing->plan, maker);
}

// Whether one call can hand each row of this parameter on to the other, or is asked
// when all rows are done.
static bool can_hand_on(
        const hm_fusing *fusing, uint32_t maker, uint32_t reader, size_t p) {
    return fusing->dimension[maker] != HM_NONE &&
           fusing->dimension[maker] == fusing->dimension[reader] &&
           (is_stream(fusing, reader, p) || decides_by(fusing, maker, reader, p));
}

// Visits the parameters of a call that other calls make.
#define FOR_EACH_NEED(fusing, call, p, its_maker)                                      \
    for (size_t p = 0; p < function_of(fusing, call)->parameter_count; p++)            \
        for (uint32_t its_maker = value_at(fusing, call, p)->maker;                    \
                its_maker != HM_NONE; its_maker = HM_NONE)

// What stands for the dimension that a call is mapped over. Lazy calls have one of
// their own for each dimension, unless they are needed together: a pipeline is run as a
// whole or not at all.
static uint32_t key_of(hm_fusing *fusing, uint32_t call) {
    const hm_plan *plan = fusing->plan;
    const hm_plan_call *own = &plan->calls[call];
    uint32_t dimension = value_at(fusing, call, own->leader)->dimensions[0];
    if (!hm_plan_call_is_lazy(plan, call)) {
        return dimension;
    }
    uint32_t *link = &fusing->first_key[own->laziness];
    while (*link != HM_NONE && fusing->dimension_of_key[*link] != dimension) {
        link = &fusing->next_key[*link];
    }
    if (*link == HM_NONE) {
        *link = call;
        fusing->next_key[call] = HM_NONE;
        fusing->dimension_of_key[call] = dimension;
    }
    return plan->dimension_count + *link;
}

static bool find_candidates(hm_fusing *fusing) {
    bool any = false;
    memset(fusing->first_key, 0xff, fusing->plan->call_count * sizeof(uint32_t));
    for (uint32_t c = 0; c < fusing->plan->call_count; c++) {
        hm_plan_call *call = &fusing->plan->calls[c];
        bool can = can_be_fused(fusing, c);
        if (can && call->loop_depth == 0) {
            call->leader = (uint32_t)hm_walk_first_over(function_of(fusing, c), 0);
        }
        fusing->dimension[c] = can ? key_of(fusing, c) : HM_NONE;
        fusing->is_alone[c] = is_alone(fusing, c);
        any |= can || fusing->is_alone[c];
    }
    return any;
}

static void find_stages(hm_fusing *fusing) {
    const hm_plan *plan = fusing->plan;
    for (uint32_t c = 0; c < plan->call_count; c++) {
        const hm_plan_call *call = &plan->calls[c];
        for (uint32_t i = 0; i < hm_plan_need_count(call); i++) {
            uint32_t maker = hm_plan_need_maker(plan, c, i);
            if (maker == HM_NONE) {
                continue;
            }
            bool goes_along =
                    i < call->parameter_count && can_hand_on(fusing, maker, c, i);
            uint32_t earliest = fusing->stage[maker] + !goes_along;
            if (fusing->stage[c] < earliest) {
                fusing->stage[c] = earliest;
            }
        }
    }
}

static hm_status list_readers(hm_fusing *fusing) {
    const hm_plan *plan = fusing->plan;
    hm_arena *arena = &fusing->compilation->arena;
    uint32_t *first = hm_arena_array(arena, plan->value_count + 2, sizeof *first);
    fusing->readers = hm_arena_array(
            arena, plan->operand_count + plan->wait_count, sizeof *fusing->readers);
    if (first == NULL || fusing->readers == NULL) {
        return HM_NO_MEMORY;
    }
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t c = 0; c < plan->call_count; c++) {
            for (uint32_t i = 0; i < hm_plan_need_count(&plan->calls[c]); i++) {
                uint32_t v = hm_plan_need_value(plan, c, i);
                if (pass == 0) {
                    first[v + 2]++;
                } else {
                    fusing->readers[first[v + 1]++] = c;
                }
            }
        }
        for (uint32_t v = 0; pass == 0 && v < plan->value_count; v++) {
            first[v + 2] += first[v + 1];
        }
    }
    fusing->first_reader = first;
    return HM_OK;
}

static uint32_t component_of(hm_fusing *fusing, uint32_t call) {
    uint32_t *parent = fusing->component;
    while (parent[call] != call) {
        parent[call] = parent[parent[call]];
        call = parent[call];
    }
    return call;
}

static void find_components(hm_fusing *fusing) {
    uint32_t count = fusing->plan->call_count;
    for (uint32_t c = 0; c < count; c++) {
        fusing->component[c] = c;
        FOR_EACH_NEED(fusing, c, p, maker) {
            if (can_hand_on(fusing, maker, c, p) &&
                    fusing->stage[maker] == fusing->stage[c]) {
                uint32_t a = component_of(fusing, maker);
                uint32_t b = component_of(fusing, c);
                fusing->component[a > b ? a : b] = a > b ? b : a;
            }
        }
    }
    for (uint32_t c = 0; c < count; c++) {
        uint32_t own = component_of(fusing, c);
        fusing->next_member[c] = HM_NONE;
        if (own != c) {
            fusing->next_member[fusing->last_member[own]] = c;
        }
        fusing->last_member[own] = c;
    }
}

// Whether a call outside the component reads all rows of a value, or makes it, in this
// stage.
static bool is_at_hand(hm_fusing *fusing, const hm_plan_value *value,
        uint32_t component, uint32_t stage) {
    const hm_plan *plan = fusing->plan;
    uint32_t dimension = fusing->dimension[component];
    uint32_t id = (uint32_t)(value - plan->values);
    uint32_t first = fusing->first_reader[id];
    uint32_t end = fusing->first_reader[id + 1];
    end = end - first > MOST_READERS ? first + MOST_READERS : end;
    if (value->maker != HM_NONE && fusing->dimension[value->maker] == dimension &&
            fusing->stage[value->maker] == stage &&
            component_of(fusing, value->maker) != component) {
        return true;
    }
    for (uint32_t i = first; i < end; i++) {
        uint32_t reader = fusing->readers[i];
        if (fusing->dimension[reader] == dimension && fusing->stage[reader] == stage &&
                component_of(fusing, reader) != component) {
            return true;
        }
    }
    return false;
}

static bool waits_for(const hm_fusing *fusing, uint32_t call, uint32_t value) {
    const hm_plan_call *own = &fusing->plan->calls[call];
    for (uint32_t i = own->parameter_count; i < hm_plan_need_count(own); i++) {
        if (hm_plan_need_value(fusing->plan, call, i) == value) {
            return true;
        }
    }
    return false;
}

// The last stage that a component may have, from those who read what it makes; HM_NONE
// if nobody does.
static uint32_t last_stage(hm_fusing *fusing, uint32_t component) {
    const hm_plan *plan = fusing->plan;
    uint32_t last = HM_NONE;
    for (uint32_t c = component; c != HM_NONE; c = fusing->next_member[c]) {
        const hm_function *function = function_of(fusing, c);
        const hm_operand *outputs =
                &hm_plan_operands(plan, c)[function->parameter_count];
        for (size_t o = 0; o < function->output_count; o++) {
            uint32_t v = outputs[o].value;
            for (uint32_t i = fusing->first_reader[v]; i < fusing->first_reader[v + 1];
                    i++) {
                uint32_t reader = fusing->readers[i];
                if (component_of(fusing, reader) == component) {
                    continue;
                }
                bool goes_along = fusing->dimension[reader] == fusing->dimension[c] &&
                                  !waits_for(fusing, reader, v);
                for (size_t p = 0;
                        p < function_of(fusing, reader)->parameter_count && goes_along;
                        p++) {
                    goes_along = value_at(fusing, reader, p) != &plan->values[v] ||
                                 is_stream(fusing, reader, p);
                }
                uint32_t latest = fusing->stage[reader] - !goes_along;
                last = last == HM_NONE || latest < last ? latest : last;
            }
        }
    }
    return last;
}

// Bytes a row that need not be read or written because the component is in this stage.
static size_t saving(hm_fusing *fusing, uint32_t component, uint32_t stage) {
    size_t saved = 0;
    for (uint32_t c = component; c != HM_NONE; c = fusing->next_member[c]) {
        const hm_function *function = function_of(fusing, c);
        for (size_t p = 0; p < function->parameter_count; p++) {
            const hm_plan_value *value = value_at(fusing, c, p);
            if (is_stream(fusing, c, p) &&
                    is_at_hand(fusing, value, component, stage)) {
                saved += hm_plan_element_size(value);
            }
        }
        for (size_t o = 0; o < function->output_count; o++) {
            const hm_plan_value *value =
                    value_at(fusing, c, function->parameter_count + o);
            size_t size = hm_plan_element_size(value);
            // Read by somebody in this stage; and perhaps never written.
            if (is_at_hand(fusing, value, component, stage)) {
                saved += value->is_wanted ? size : 2 * size;
            }
        }
    }
    return saved;
}

static void move_component(hm_fusing *fusing, uint32_t component, uint32_t last) {
    uint32_t stage = fusing->stage[component];
    uint32_t best = stage;
    size_t most = saving(fusing, component, stage);
    for (uint32_t s = stage + 1; s <= last && s - stage <= MOST_STAGES; s++) {
        size_t saved = saving(fusing, component, s);
        if (saved > most) {
            most = saved;
            best = s;
        }
    }
    for (uint32_t c = component; c != HM_NONE && best != stage;
            c = fusing->next_member[c]) {
        fusing->stage[c] = best;
    }
}

// Those that come last first: whom they read from may then follow them.
static void move_components(hm_fusing *fusing) {
    uint32_t latest = 0;
    for (uint32_t c = 0; c < fusing->plan->call_count; c++) {
        latest = fusing->stage[c] > latest ? fusing->stage[c] : latest;
    }
    for (uint32_t c = fusing->plan->call_count; c-- > 0;) {
        if (fusing->dimension[c] == HM_NONE || component_of(fusing, c) != c) {
            continue;
        }
        uint32_t last = last_stage(fusing, c);
        last = last == HM_NONE ? latest : last;
        if (last > fusing->stage[c]) {
            move_component(fusing, c, last);
        }
    }
}

// Numbers the pipelines, a list of which every dimension has.
static hm_status form_pipelines(hm_fusing *fusing) {
    hm_plan *plan = fusing->plan;
    hm_arena *arena = &fusing->compilation->arena;
    uint32_t key_count = plan->dimension_count + plan->call_count;
    uint32_t *first = hm_arena_array(arena, key_count, sizeof *first);
    uint32_t *next = hm_arena_array(arena, plan->call_count, sizeof *next);
    uint32_t *stage = hm_arena_array(arena, plan->call_count, sizeof *stage);
    if (first == NULL || next == NULL || stage == NULL) {
        return HM_NO_MEMORY;
    }
    memset(first, 0xff, key_count * sizeof *first);
    for (uint32_t c = 0; c < plan->call_count; c++) {
        uint32_t dimension = fusing->dimension[c];
        if (fusing->is_alone[c]) {
            plan->calls[c].pipeline = plan->pipeline_count++;
        }
        if (dimension == HM_NONE) {
            continue;
        }
        uint32_t *link = &first[dimension];
        while (*link != HM_NONE && stage[*link] != fusing->stage[c]) {
            link = &next[*link];
        }
        if (*link == HM_NONE) {
            *link = plan->pipeline_count++;
            stage[*link] = fusing->stage[c];
            next[*link] = HM_NONE;
        }
        plan->calls[c].pipeline = *link;
    }
    plan->pipelines =
            hm_arena_array(&plan->arena, plan->pipeline_count, sizeof *plan->pipelines);
    if (plan->pipelines == NULL) {
        return HM_NO_MEMORY;
    }
    for (uint32_t c = 0; c < plan->call_count; c++) {
        if (fusing->is_alone[c]) {
            plan->pipelines[plan->calls[c].pipeline].is_alone = true;
        }
    }
    return HM_OK;
}

// Which calls each pipeline has; they stand together.
static void list_members(hm_plan *plan) {
    for (uint32_t c = plan->call_count; c-- > 0;) {
        if (plan->calls[c].pipeline != HM_NONE) {
            hm_pipeline *pipeline = &plan->pipelines[plan->calls[c].pipeline];
            pipeline->first_call = c;
            pipeline->call_count++;
            bool is_reduction = hm_plan_call_is_reduction(plan, c);
            pipeline->reduction_count += is_reduction;
            pipeline->mapped_count +=
                    !is_reduction && !hm_plan_call_is_passing(plan, c);
        }
    }
}

static hm_status reserve(hm_fusing *fusing) {
    hm_arena *arena = &fusing->compilation->arena;
    uint32_t count = fusing->plan->call_count;
    fusing->is_alone = hm_arena_array(arena, count, sizeof(bool));
    fusing->dimension = hm_arena_array(arena, count, sizeof(uint32_t));
    fusing->first_key = hm_arena_array(arena, count, sizeof(uint32_t));
    fusing->next_key = hm_arena_array(arena, count, sizeof(uint32_t));
    fusing->dimension_of_key = hm_arena_array(arena, count, sizeof(uint32_t));
    fusing->stage = hm_arena_array(arena, count, sizeof(uint32_t));
    fusing->component = hm_arena_array(arena, count, sizeof(uint32_t));
    fusing->next_member = hm_arena_array(arena, count, sizeof(uint32_t));
    fusing->last_member = hm_arena_array(arena, count, sizeof(uint32_t));
    bool reserved = fusing->is_alone != NULL && fusing->dimension != NULL &&
                    fusing->first_key != NULL && fusing->next_key != NULL &&
                    fusing->dimension_of_key != NULL && fusing->stage != NULL &&
                    fusing->component != NULL && fusing->next_member != NULL &&
                    fusing->last_member != NULL;
    return reserved ? HM_OK : HM_NO_MEMORY;
}

hm_status hm_plan_fuse(hm_compilation *compilation) {
    hm_plan *plan = compilation->plan;
    hm_fusing fusing = {.compilation = compilation, .plan = plan};
    if (plan->dimension_count == 0) {
        return HM_OK; // nothing is mapped
    }
    HM_TRY(reserve(&fusing));
    if (!find_candidates(&fusing)) {
        return HM_OK;
    }
    HM_TRY(list_readers(&fusing));
    find_stages(&fusing);
    find_components(&fusing);
    move_components(&fusing);
    HM_TRY(form_pipelines(&fusing));
    hm_plan_find_inner(plan);
    HM_TRY(hm_plan_order(compilation));
    list_members(plan);
    return HM_OK;
}
