// steps.c — see steps.h. Where config decides which steps take part, what is before a
// step is not known here; the graph, which has the config, looks at all types again.

#include "reflect/steps.h"

#include <string.h>

#include "base/extraction.h"
#include "base/names.h"
#include "base/steps.h"
#include "reflect/bindings.h"
#include "reflect/callees.h"
#include "reflect/signature.h"

// A step of a chain, and where it was written.
typedef struct hm_link {
    hm_step step;
    hm_place place;
    const hm_parameter *takes;
    const hm_output *makes;
} hm_link;

typedef struct hm_chain_reader {
    hm_source *source;
    const hm_declared *declared;
    const hm_model *model;
    const hm_declared_function *user;      // whose steps are at work
    hm_place place;                        // of the modifier
    const hm_declared_function **mutators; // in the order of their definitions
    uint32_t mutator_count;
    hm_link *links; // of the chain at work
    uint32_t link_count;
    bool is_broken; // a link is missing
} hm_chain_reader;

static void refuse(void *context, const char *mend, const char *message) {
    const hm_chain_reader *reader = context;
    hm_source_fault(reader->source, reader->place, reader->user->name,
            hm_source_format(reader->source, "%s", mend), "%s", message);
}

// What has too few arguments has been reported.
static bool has_steps(const hm_modifiers *modifiers, uint32_t index) {
    const hm_modifier *modifier = &modifiers->items[index];
    return modifier->argument_count >= modifiers->kinds[index]->least &&
           hm_steps_count(modifier) > 0;
}

// Checks a step by itself.
static void check_step(hm_chain_reader *reader, const hm_step *step) {
    const hm_model_function *callee =
            hm_callee_find(reader->declared, reader->model, step->function);
    if (callee == NULL || callee->is_refused) {
        return; // which has been reported
    }
    hm_bindings bindings = hm_bindings_describe(reader->source, callee);
    bindings.items = step->bindings;
    bindings.count = step->binding_count;
    hm_bindings_resolve(reader->source, &bindings);
    hm_step_check(step, &bindings, refuse, reader);
}

static void check_modifier(hm_chain_reader *reader, const hm_modifier *modifier) {
    const hm_declared_function *user = reader->user;
    const hm_model_function *function = &reader->model->functions[user->function];
    if (!hm_steps_check_form(modifier, user->name, refuse, reader)) {
        return;
    }
    for (size_t i = 0; i < hm_steps_count(modifier); i++) {
        hm_step step = hm_steps_at(modifier, user->name, i);
        check_step(reader, &step);
    }
    if (hm_is_pipe_input(modifier) && !function->is_refused) {
        hm_bindings bindings = hm_bindings_describe(reader->source, function);
        hm_pipe_input_check(modifier, &bindings, user->modifiers.items,
                user->modifiers.count, refuse, reader);
    }
}

static void add_link(hm_chain_reader *reader, hm_step step, hm_place place) {
    const hm_model_function *callee =
            hm_callee_find(reader->declared, reader->model, step.function);
    uint32_t parameter = HM_NONE;
    if (callee != NULL && !callee->is_refused) {
        hm_bindings bindings = hm_bindings_describe(reader->source, callee);
        parameter = hm_step_parameter(&step, &bindings);
    }
    hm_link *links = hm_source_grow(
            reader->source, reader->links, reader->link_count, sizeof *links);
    if (parameter == HM_NONE || callee->output_count != 1 || links == NULL) {
        reader->is_broken = true;
        return;
    }
    reader->links = links;
    links[reader->link_count++] = (hm_link){
            .step = step,
            .place = place,
            .takes = &callee->parameters[parameter].parameter,
            .makes = &callee->outputs[0],
    };
}

static void add_links(
        hm_chain_reader *reader, const hm_declared_function *user, uint32_t index) {
    const hm_modifier *modifier = &user->modifiers.items[index];
    for (size_t i = 0; i < hm_steps_count(modifier); i++) {
        add_link(reader, hm_steps_at(modifier, user->name, i),
                user->modifiers.places[index]);
    }
}

// before: in words, what is of the type.
static void check_pair(const hm_chain_reader *reader, const hm_link *link,
        const char *before, const hm_type *type) {
    if (!hm_type_equal(link->takes->type, type)) {
        hm_source_fault(reader->source, link->place, reader->user->name,
                hm_source_format(reader->source,
                        "let it take `%s`, or put a step before it that makes %s",
                        type->name, link->takes->type->name),
                "%s of `%s`: it takes `%s` as %s, but %s is %s", link->step.macro,
                link->step.function, link->takes->name, link->takes->type->name, before,
                type->name);
    }
}

// What is before a step is known if config does not decide about the step before it.
static void check_links(const hm_chain_reader *reader) {
    for (uint32_t i = 1; i < reader->link_count; i++) {
        const hm_link *before = &reader->links[i - 1];
        if (!hm_step_is_conditional(&before->step)) {
            check_pair(reader, &reader->links[i],
                    hm_source_format(reader->source, "what `%s` before it makes",
                            before->step.function),
                    before->makes->type);
        }
    }
}

// Whether a pipe is the first one on its parameter.
static bool is_first_pipe(const hm_modifiers *modifiers, uint32_t index) {
    const char *parameter = modifiers->items[index].arguments[0].text;
    for (uint32_t i = 0; i < index; i++) {
        if (hm_is_pipe_input(&modifiers->items[i]) && has_steps(modifiers, i) &&
                strcmp(modifiers->items[i].arguments[0].text, parameter) == 0) {
            return false;
        }
    }
    return true;
}

// A default goes into the first step in place of what the parameter would take.
static void check_default(
        const hm_chain_reader *reader, const hm_model_parameter *parameter) {
    for (uint32_t i = 0; i < reader->link_count && parameter->default_code != NULL;
            i++) {
        check_pair(reader, &reader->links[i], "the default in its place",
                parameter->parameter.type);
        if (!hm_step_is_conditional(&reader->links[i].step)) {
            return;
        }
    }
}

// All pipes on one parameter are one chain; the topmost comes first.
static void check_input_chain(hm_chain_reader *reader, uint32_t index) {
    const hm_declared_function *user = reader->user;
    const hm_modifiers *modifiers = &user->modifiers;
    const char *name = modifiers->items[index].arguments[0].text;
    for (uint32_t i = index; i < modifiers->count; i++) {
        if (hm_is_pipe_input(&modifiers->items[i]) && has_steps(modifiers, i) &&
                strcmp(modifiers->items[i].arguments[0].text, name) == 0) {
            add_links(reader, user, i);
        }
    }
    const hm_model_parameter *parameter =
            hm_signature_find(&reader->model->functions[user->function], name);
    if (reader->is_broken || reader->link_count == 0 || parameter == NULL) {
        return;
    }
    check_links(reader);
    check_default(reader, parameter);
    const hm_link *last = &reader->links[reader->link_count - 1];
    const hm_type *wanted = parameter->parameter.type;
    if (!hm_step_is_conditional(&last->step) &&
            !hm_type_equal(wanted, last->makes->type)) {
        hm_source_fault(reader->source, last->place, user->name,
                hm_source_format(reader->source,
                        "let it make %s, or add a step that does", wanted->name),
                "%s of `%s`: it makes %s, but `%s` takes `%s` as %s", last->step.macro,
                last->step.function, last->makes->type->name, user->name, name,
                wanted->name);
    }
}

// Mutators come in the order in which they are defined.
static void add_mutators(hm_chain_reader *reader) {
    for (uint32_t i = 0; i < reader->mutator_count; i++) {
        const hm_declared_function *mutator = reader->mutators[i];
        for (uint32_t m = 0; m < mutator->modifiers.count; m++) {
            const hm_modifier *modifier = &mutator->modifiers.items[m];
            if (hm_is_mutate(modifier) && has_steps(&mutator->modifiers, m) &&
                    strcmp(modifier->arguments[0].text, reader->user->name) == 0) {
                add_links(reader, mutator, m);
            }
        }
    }
}

static const char *quote(const hm_chain_reader *reader, const char *name) {
    return hm_source_format(reader->source, "`%s`", name);
}

// Each result of the function goes through the chain: its fields, if they are taken
// out, in place of their struct.
static void check_output_chain(hm_chain_reader *reader) {
    const hm_modifiers *modifiers = &reader->user->modifiers;
    const hm_model_function *function =
            &reader->model->functions[reader->user->function];
    uint32_t pipe = hm_modifiers_find(modifiers, "pipe_output");
    if (pipe != HM_NONE && has_steps(modifiers, pipe)) {
        add_links(reader, reader->user, pipe);
    }
    add_mutators(reader);
    if (reader->is_broken || reader->link_count == 0 || function->is_refused) {
        return;
    }
    check_links(reader);
    uint32_t extract = hm_modifiers_find(modifiers, "extract_fields");
    for (uint32_t o = 0; o < function->output_count; o++) {
        const hm_output *output = &function->outputs[o];
        bool is_taken_apart =
                extract != HM_NONE && strcmp(output->name, function->name) == 0;
        const hm_modifier *fields = &modifiers->items[extract];
        size_t count = is_taken_apart ? hm_extraction_count(fields, output->type) : 0;
        for (size_t f = 0; f < count; f++) {
            const hm_field *field = hm_extraction_field(fields, output->type, f);
            if (field != NULL) {
                check_pair(reader, &reader->links[0], quote(reader, field->name),
                        field->type);
            }
        }
        if (!is_taken_apart) {
            check_pair(reader, &reader->links[0], quote(reader, output->name),
                    output->type);
        }
    }
}

static void check_target(hm_chain_reader *reader, const hm_modifier *modifier) {
    const char *name = modifier->arguments[0].text;
    const hm_model_function *target =
            hm_callee_find(reader->declared, reader->model, name);
    if (target != NULL && (target->flags & HM_FUNCTION_HELPER) == 0) {
        return;
    }
    const hm_model *model = reader->model;
    const char *nearest = NULL;
    size_t distance = hm_names_tolerance(name) + 1;
    for (uint32_t i = 0; i < model->function_count; i++) {
        bool is_node = (model->functions[i].flags & HM_FUNCTION_HELPER) == 0;
        size_t found = hm_names_distance(name, model->functions[i].name, distance);
        if (is_node && found < distance) {
            distance = found;
            nearest = model->functions[i].name;
        }
    }
    hm_source_fault(reader->source, reader->place, reader->user->name,
            nearest != NULL
                    ? hm_source_format(reader->source, "did you mean `%s`?", nearest)
                    : "name a function of this file that is a node",
            "HM_MUTATE of `%s` names `%s`, which is no node of this file",
            reader->user->name, name);
}

static bool is_mutator(const hm_declared_function *declared) {
    return hm_modifiers_find(&declared->modifiers, "mutate") != HM_NONE;
}

static void list_mutators(hm_chain_reader *reader) {
    const hm_declared *declared = reader->declared;
    uint32_t count = 0;
    for (uint32_t i = 0; i < declared->count; i++) {
        count += is_mutator(&declared->items[i]);
    }
    reader->mutators = hm_source_array(reader->source, count, sizeof *reader->mutators);
    for (uint32_t i = 0; i < declared->count && reader->mutators != NULL; i++) {
        const hm_declared_function *mutator = &declared->items[i];
        uint32_t at = reader->mutator_count;
        if (!is_mutator(mutator)) {
            continue;
        }
        while (at > 0 &&
                reader->mutators[at - 1]->place.offset > mutator->place.offset) {
            reader->mutators[at] = reader->mutators[at - 1];
            at--;
        }
        reader->mutators[at] = mutator;
        reader->mutator_count++;
    }
}

static void read_function(hm_chain_reader *reader, const hm_declared_function *user) {
    const hm_modifiers *modifiers = &user->modifiers;
    reader->user = user;
    uint32_t fault_count = reader->source->found_count;
    bool is_node =
            (reader->model->functions[user->function].flags & HM_FUNCTION_HELPER) == 0;
    for (uint32_t m = 0; m < modifiers->count; m++) {
        bool is_ours = hm_is_mutate(&modifiers->items[m]) || is_node;
        reader->place = modifiers->places[m];
        if (!is_ours || !has_steps(modifiers, m)) {
            continue;
        }
        check_modifier(reader, &modifiers->items[m]);
        if (hm_is_mutate(&modifiers->items[m])) {
            check_target(reader, &modifiers->items[m]);
        }
    }
    if (!is_node || reader->source->found_count > fault_count) {
        return;
    }
    for (uint32_t m = 0; m < modifiers->count; m++) {
        if (hm_is_pipe_input(&modifiers->items[m]) && is_first_pipe(modifiers, m)) {
            reader->link_count = 0;
            reader->is_broken = false;
            check_input_chain(reader, m);
        }
    }
    reader->link_count = 0;
    reader->is_broken = false;
    check_output_chain(reader);
}

void hm_steps_read(
        hm_source *source, const hm_declared *declared, const hm_model *model) {
    hm_chain_reader reader = {.source = source, .declared = declared, .model = model};
    list_mutators(&reader);
    for (uint32_t i = 0; i < declared->count && !source->no_memory; i++) {
        if (declared->items[i].function != HM_NONE) {
            read_function(&reader, &declared->items[i]);
        }
    }
}
