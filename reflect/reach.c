// reach.c — see reach.h.

#include "reflect/reach.h"

#include "reflect/duties.h"
#include "reflect/entities.h"
#include "reflect/reached.h"
#include "reflect/surroundings.h"
#include "reflect/uses.h"
#include "reflect/version.h"
#include "reflect/wording.h"

// What the function's times count, which the C types do not say.
static void add_unit(hm_digest *digest, const char *name, const hm_type *type) {
    if (type->time_unit != HM_TIME_NONE) {
        hm_digest_add_text(digest, name);
        hm_digest_add_text(digest, type->name);
    }
}

static void add_entity(hm_digest *digest, const hm_entity *entity) {
    if (entity != NULL) {
        hm_digest_add_text(digest, entity->name);
        hm_digest_add_text(digest, entity->version);
        hm_digest_add_text(digest, entity->own);
    }
}

static void add_given(hm_digest *digest, const hm_model_given *given, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        const hm_model_argument *argument = given[i].argument;
        uint32_t from[] = {given[i].member_count,
                argument != NULL ? (uint32_t)argument->role : HM_NONE,
                argument != NULL ? argument->index : HM_NONE};
        hm_digest_add(digest, from, sizeof from);
        hm_digest_add_text(digest, given[i].code != NULL ? given[i].code : "");
        add_given(digest, given[i].members, given[i].member_count);
    }
}

// Flags may define macros that code and headers of the system ask for, or have the
// compiler round otherwise; so may what stands around the functions.
static void add_circumstances(hm_digest *digest, hm_source *source) {
    for (size_t i = 0; i < source->meaning.count; i++) {
        hm_digest_add_text(digest, source->meaning.items[i]);
    }
    hm_surroundings_add(digest, source);
}

static const char *finish_digest(hm_source *source, hm_digest *digest) {
    char version[HM_DIGEST_SIZE];
    hm_digest_get(digest, version);
    hm_digest_destroy(digest);
    return hm_source_format(source, "%s", version);
}

// The digest covers the circumstances, and the defaults and units of
// the function too, but not of those that it calls: they are called as C functions,
// with all arguments. combiner: NULL without HM_REDUCE; does: NULL without HM_DOES.
static bool set_version(hm_source *source, hm_model_function *function,
        const hm_entity *entity, const hm_entity *combiner, const hm_entity *does) {
    hm_digest *digest = hm_digest_create();
    if (digest == NULL) {
        return false;
    }
    add_circumstances(digest, source);
    hm_digest_add_text(digest, function->name);
    hm_digest_add_text(digest, entity->version);
    hm_digest_add_text(digest, entity->own);
    add_entity(digest, combiner);
    add_entity(digest, does);
    add_given(digest, function->given, function->given_count);
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        const hm_model_parameter *parameter = &function->parameters[i];
        add_unit(digest, parameter->parameter.name, parameter->parameter.type);
        if (parameter->default_code != NULL) {
            hm_digest_add_text(digest, parameter->parameter.name);
            hm_digest_add_text(digest, parameter->default_code);
        }
    }
    for (uint32_t i = 0; i < function->output_count; i++) {
        add_unit(digest, function->outputs[i].name, function->outputs[i].type);
    }
    function->version = finish_digest(source, digest);
    return true;
}

// What the entity `reached` writes: the function, which is `own`, or its combiner.
static void report_writes(hm_source *source, const hm_model_function *function,
        const hm_entities *entities, uint32_t own, uint32_t reached) {
    uint32_t writer = entities->items[reached].writer;
    if (writer == HM_NONE || (function->flags & HM_FUNCTION_STATEFUL) != 0) {
        return;
    }
    const hm_entity *entity = &entities->items[writer];
    if (writer != own) {
        hm_source_fault(source, entity->writes[0].place, function->name,
                hm_source_format(source,
                        "keep it in a local, or put HM_STATEFUL on `%s`",
                        function->name),
                "`%s` uses `%s`, which writes `%s`, a variable that outlives the call",
                function->name, entity->name, entity->writes[0].variable);
        return;
    }
    for (uint32_t i = 0; i < entity->write_count; i++) {
        hm_source_fault(source, entity->writes[i].place, function->name,
                "keep it in a local, or say HM_STATEFUL",
                "`%s` writes `%s`, a variable that outlives the call", function->name,
                entity->writes[i].variable);
    }
}

// Reading an entity may find others, which are read in turn.
static bool read_all(hm_entities *entities) {
    for (uint32_t i = 0; i < entities->count; i++) {
        if (!hm_wording_read(entities, i)) {
            return false;
        }
        if (entities->items[i].macro == HM_NONE) {
            hm_uses_read(entities, i);
        }
    }
    return !entities->source->no_memory;
}

// The entities that functions are, and that are called in their name.
typedef struct hm_reached {
    uint32_t own;
    uint32_t combiner; // or HM_NONE
    uint32_t does;     // or HM_NONE
} hm_reached;

static const hm_entity *entity_at(const hm_entities *entities, uint32_t number) {
    return number != HM_NONE ? &entities->items[number] : NULL;
}

static void finish(hm_source *source, hm_model_function *function,
        const hm_entities *entities, const hm_reached *reached,
        hm_reached_lister *lister) {
    if (!set_version(source, function, &entities->items[reached->own],
                entity_at(entities, reached->combiner),
                entity_at(entities, reached->does))) {
        source->no_memory = true;
    }
    uint32_t called[] = {reached->own, reached->combiner, reached->does};
    function->uses = hm_reached_list(lister, called, sizeof called / sizeof *called);
    for (size_t i = 0; i < sizeof called / sizeof *called; i++) {
        if (called[i] != HM_NONE) {
            report_writes(source, function, entities, reached->own, called[i]);
        }
    }
    for (size_t i = 0; i < sizeof called / sizeof *called; i++) {
        if (called[i] != HM_NONE && entities->items[called[i]].reaches_written) {
            function->flags |= HM_FUNCTION_STATEFUL;
        }
    }
}

// The entities that do something with values of a type, or HM_NONE.
typedef struct hm_reached_duties {
    uint32_t of[3];
} hm_reached_duties;

static hm_reached_duties reach_duties(
        hm_entities *entities, const hm_model_type *type) {
    const hm_model_duty *duties[] = {&type->writer, &type->reader, &type->hasher};
    hm_reached_duties reached;
    for (size_t i = 0; i < sizeof duties / sizeof *duties; i++) {
        reached.of[i] = hm_duty_is_here(type, duties[i])
                                ? hm_entities_declaration(entities, duties[i]->cursor)
                                : HM_NONE;
    }
    return reached;
}

// Without any of them a type has no version.
static void set_type_version(hm_source *source, hm_model_type *type,
        const hm_entities *entities, const hm_reached_duties *reached) {
    enum { COUNT = sizeof reached->of / sizeof *reached->of };
    bool has_any = false;
    for (size_t i = 0; i < COUNT; i++) {
        has_any = has_any || reached->of[i] != HM_NONE;
    }
    hm_digest *digest = has_any ? hm_digest_create() : NULL;
    if (digest == NULL) {
        source->no_memory = source->no_memory || has_any;
        return;
    }
    add_circumstances(digest, source);
    for (size_t i = 0; i < COUNT; i++) {
        hm_digest_add(digest, &i, sizeof i);
        add_entity(digest, entity_at(entities, reached->of[i]));
    }
    type->version = finish_digest(source, digest);
}

void hm_reach_read(hm_source *source, const hm_macros *macros,
        const hm_declared *declared, hm_model *model) {
    hm_entities entities;
    hm_entities_init(&entities, source, macros, declared);
    uint32_t count = model->function_count;
    hm_reached *reached = hm_source_array(source, count, sizeof *reached);
    hm_reached_duties *duties =
            hm_source_array(source, model->type_count, sizeof *duties);
    for (uint32_t i = 0; i < count && reached != NULL; i++) {
        const hm_model_function *function = &model->functions[i];
        reached[i] = (hm_reached){
                hm_entities_declaration(&entities, function->cursor), HM_NONE, HM_NONE};
        if (function->combiner != NULL) {
            reached[i].combiner =
                    hm_entities_declaration(&entities, function->combiner_cursor);
        }
        if (function->does != NULL) {
            reached[i].does = hm_entities_declaration(&entities, function->does_cursor);
        }
    }
    for (uint32_t i = 0; i < model->type_count && duties != NULL; i++) {
        duties[i] = reach_duties(&entities, model->types[i]);
    }
    if (source->no_memory || !read_all(&entities) || !hm_version_compute(&entities)) {
        source->no_memory = true;
        return;
    }
    model->has_state = entities.has_state;
    hm_reached_lister lister = {.source = source, .entities = &entities};
    for (uint32_t i = 0; i < count; i++) {
        finish(source, &model->functions[i], &entities, &reached[i], &lister);
    }
    for (uint32_t i = 0; i < model->type_count; i++) {
        set_type_version(source, model->types[i], &entities, &duties[i]);
    }
}
