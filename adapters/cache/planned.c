// planned.c — see planned.h.

#include "adapters/cache/planned.h"

#include <stdio.h>
#include <string.h>

#include "base/allocator.h"
#include "base/canonical.h"
#include "base/error.h"

static const hm_modifier *find_modifier(const hm_function *function, const char *name) {
    for (size_t i = 0; i < function->modifier_count; i++) {
        if (strcmp(function->modifiers[i].name, name) == 0) {
            return &function->modifiers[i];
        }
    }
    return NULL;
}

static hm_cache_behaviour behaviour_of(
        const hm_cache *cache, const hm_planned_node *node) {
    return hm_cache_behaviour_of(cache, node->name, node->tags, node->tag_count,
            find_modifier(node->function, "cache"));
}

// Whether nothing depends on what a node of the graph is.
static bool is_ignored(const hm_cache *cache, const hm_graph *graph, uint32_t node) {
    if (node == HM_NONE) {
        return false;
    }
    hm_node known = hm_graph_describe(graph, node);
    const hm_modifier *said =
            known.function != NULL ? find_modifier(known.function, "cache") : NULL;
    return hm_cache_behaviour_of(cache, known.name, known.tags, known.tag_count,
                   said) == HM_CACHE_IGNORE;
}

// What keeps a node from having a key, in words; `type` is NULL or completes them.
static const char *find_why_not(const hm_cache *cache, const hm_graph *graph,
        const hm_planned_node *node, const hm_type **type) {
    const hm_function *function = node->function;
    *type = NULL;
    switch (behaviour_of(cache, node)) {
    case HM_CACHE_DISABLE:
        return "it is not to be cached";
    case HM_CACHE_IGNORE:
        return "it is to be ignored";
    case HM_CACHE_DEFAULT:
    case HM_CACHE_RECOMPUTE:
    default:
        break;
    }
    if ((function->flags & HM_FUNCTION_STATEFUL) != 0) {
        if (hm_planned_tag(node, "data_loader") != NULL) {
            return "it loads data, which may have changed";
        }
        if (hm_planned_tag(node, "data_saver") != NULL) {
            return "it saves data";
        }
        return find_modifier(function, "stateful") != NULL
                       ? "its function is HM_STATEFUL"
                       : "its function reads or writes a variable that lasts";
    }
    if (find_modifier(function, "switch") != NULL) {
        return "it hands on what it chooses";
    }
    if (function->version == NULL) {
        return "nobody says which version of its code this is";
    }
    for (size_t o = 0; o < function->output_count && *type == NULL; o++) {
        *type = hm_canonical_obstacle(function->outputs[o].type, HM_CANONICAL_TO_KEEP);
    }
    if (*type != NULL) {
        return hm_canonical_obstacle(*type, HM_CANONICAL_TO_HASH) != NULL
                       ? "nobody says what its result is, as it holds a `%s`"
                       : "nothing writes and reads the `%s` that it makes";
    }
    for (size_t p = 0; p < function->parameter_count && *type == NULL; p++) {
        uint32_t from = node->arguments[p].node;
        if (!is_ignored(cache, graph, from)) {
            *type = hm_canonical_obstacle(from != HM_NONE
                                                  ? hm_graph_describe(graph, from).type
                                                  : function->parameters[p].type,
                    HM_CANONICAL_TO_HASH);
        }
    }
    return *type != NULL ? "nobody says what an argument is, as it holds a `%s`" : NULL;
}

hm_want hm_cache_wants(void *self, const hm_graph *graph, const hm_planned_node *node) {
    const hm_cache *cache = self;
    const hm_type *type;
    if (find_why_not(cache, graph, node, &type) != NULL) {
        return HM_WANT_NOTHING;
    }
    // Whoever computes what another does waits for it; not who computes it anyhow.
    return behaviour_of(cache, node) == HM_CACHE_RECOMPUTE ? HM_WANT_TO_WRAP
                                                           : HM_WANT_TO_HOLD;
}

// All that makes a result but the arguments: the code, and what the function is used
// as.
static hm_hash hash_code(const hm_cache_plan *plan, const hm_planned_node *node) {
    const hm_function *function = node->function;
    hm_hasher hasher;
    hm_hasher_init(&hasher);
    hm_hasher_add_text(&hasher, "hamilton key 1");
    hm_hasher_add_text(&hasher, function->name);
    hm_hasher_add_text(&hasher, function->version);
    hm_hasher_add_text(&hasher, node->module->processor);
    hm_hasher_add_number(&hasher, node->mapped);
    hm_hasher_add_number(&hasher, function->parameter_count);
    for (size_t p = 0; p < function->parameter_count; p++) {
        hm_hasher_add_text(&hasher, function->parameters[p].name);
        hm_hasher_add_number(&hasher, function->parameters[p].shape);
    }
    hm_hasher_add_number(&hasher, function->output_count);
    const hm_cache_source *outputs =
            &plan->sources[plan->nodes[node->number].first_output];
    for (size_t o = 0; o < function->output_count; o++) {
        hm_hasher_add_text(&hasher, function->outputs[o].name);
        hm_hasher_add(&hasher, &outputs[o].form.hash, sizeof outputs[o].form.hash);
    }
    return hm_hasher_get(&hasher);
}

static hm_status describe_why_not(
        const hm_cache *cache, hm_cache_plan *plan, const hm_planned_node *node) {
    const hm_type *type;
    const char *why = find_why_not(cache, plan->planned->graph, node, &type);
    if (type != NULL) {
        char text[256];
        snprintf(text, sizeof text, why, type->name);
        why = hm_arena_text(&plan->arena, text);
        if (why == NULL) {
            return HM_NO_MEMORY;
        }
    }
    plan->nodes[node->number].why_not = why;
    return HM_OK;
}

// The sources that nodes make.
static void add_outputs(
        const hm_cache *cache, hm_cache_plan *plan, const hm_planned_node *node) {
    const hm_function *function = node->function;
    hm_cache_node *described = &plan->nodes[node->number];
    described->behaviour = behaviour_of(cache, node);
    described->first_output = plan->source_count;
    for (size_t o = 0; o < function->output_count; o++) {
        const hm_output *output = &function->outputs[o];
        uint32_t depth = node->mapped + (output->shape != HM_ONE);
        plan->sources[plan->source_count++] =
                (hm_cache_source){.form = hm_form_of(output->type, depth,
                                          output->pass == HM_BY_REFERENCE),
                        .reader = HM_NONE,
                        .is_ignored = described->behaviour == HM_CACHE_IGNORE};
    }
    if (function->output_count > plan->most_outputs) {
        plan->most_outputs = (uint32_t)function->output_count;
    }
}

// input_sources is by node of the graph.
static uint32_t source_of(const hm_cache *cache, hm_cache_plan *plan,
        const hm_planned_node *node, uint32_t p, uint32_t *input_sources) {
    const hm_planned_argument *argument = &node->arguments[p];
    if (argument->maker != HM_NONE) {
        return plan->nodes[argument->maker].first_output + argument->output;
    }
    if (argument->node != HM_NONE && input_sources[argument->node] != HM_NONE) {
        return input_sources[argument->node];
    }
    uint32_t number = plan->source_count++;
    plan->sources[number] = (hm_cache_source){.reader = node->number, .parameter = p};
    if (argument->node != HM_NONE) {
        input_sources[argument->node] = number;
        plan->sources[number].is_ignored =
                is_ignored(cache, plan->planned->graph, argument->node);
    }
    return number;
}

static hm_status reserve(hm_cache_plan *plan, const hm_planned *planned) {
    size_t outputs = 0;
    size_t arguments = 0;
    for (uint32_t i = 0; i < planned->node_count; i++) {
        outputs += planned->nodes[i].function->output_count;
        arguments += planned->nodes[i].function->parameter_count;
    }
    plan->nodes =
            hm_arena_array(&plan->arena, planned->node_count, sizeof *plan->nodes);
    plan->sources =
            hm_arena_array(&plan->arena, outputs + arguments, sizeof *plan->sources);
    plan->arguments = hm_arena_array(&plan->arena, arguments, sizeof *plan->arguments);
    bool reserved =
            plan->nodes != NULL && plan->sources != NULL && plan->arguments != NULL;
    return reserved ? HM_OK : HM_NO_MEMORY;
}

static hm_status fill(const hm_cache *cache, hm_cache_plan *plan) {
    const hm_planned *planned = plan->planned;
    HM_TRY(reserve(plan, planned));
    HM_TRY(hm_waves_init(&plan->waves, planned, &plan->arena));
    size_t input_count = hm_graph_node_count(planned->graph);
    uint32_t *input_sources =
            hm_arena_array(&plan->arena, input_count, sizeof *input_sources);
    if (input_sources == NULL) {
        return HM_NO_MEMORY;
    }
    memset(input_sources, 0xFF, input_count * sizeof *input_sources); // HM_NONE
    uint32_t argument_count = 0;
    for (uint32_t i = 0; i < planned->node_count; i++) {
        add_outputs(cache, plan, &planned->nodes[i]);
    }
    for (uint32_t i = 0; i < planned->node_count; i++) {
        const hm_planned_node *node = &planned->nodes[i];
        plan->nodes[i].first_argument = argument_count;
        for (uint32_t p = 0; p < node->function->parameter_count; p++) {
            plan->arguments[argument_count++] =
                    source_of(cache, plan, node, p, input_sources);
        }
        plan->nodes[i].code = hash_code(plan, node);
        HM_TRY(describe_why_not(cache, plan, node));
    }
    return HM_OK;
}

hm_status hm_cache_plan_compiled(void *self, hm_planned *planned, hm_error *error) {
    const hm_cache *cache = self;
    hm_cache_plan *plan = hm_allocate_array(cache->allocator, 1, sizeof *plan);
    if (plan == NULL) {
        return hm_error_no_memory(error);
    }
    hm_arena_init(&plan->arena, cache->allocator);
    plan->planned = planned;
    planned->self = plan;
    if (fill(cache, plan) != HM_OK) {
        hm_cache_plan_ended(self, planned);
        return hm_error_no_memory(error);
    }
    return HM_OK;
}

void hm_cache_plan_ended(void *self, hm_planned *planned) {
    const hm_cache *cache = self;
    hm_cache_plan *plan = planned->self;
    hm_arena_finish(&plan->arena);
    hm_deallocate_array(cache->allocator, plan, 1, sizeof *plan);
    planned->self = NULL;
}
