// reach.c — see reach.h.

#include "reflect/reach.h"

#include "reflect/entities.h"
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

// The digest covers the defaults and units of the function too, but not of those that
// it calls: they are called as C functions, with all arguments. combiner: NULL without
// HM_REDUCE.
static bool set_version(hm_source *source, hm_model_function *function,
        const hm_entity *entity, const hm_entity *combiner) {
    hm_digest *digest = hm_digest_create();
    if (digest == NULL) {
        return false;
    }
    hm_digest_add_text(digest, function->name);
    hm_digest_add_text(digest, entity->version);
    hm_digest_add_text(digest, entity->own);
    if (combiner != NULL) {
        hm_digest_add_text(digest, combiner->name);
        hm_digest_add_text(digest, combiner->version);
        hm_digest_add_text(digest, combiner->own);
    }
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
    char version[HM_DIGEST_SIZE];
    hm_digest_get(digest, version);
    hm_digest_destroy(digest);
    function->version = hm_source_format(source, "%s", version);
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

void hm_reach_read(hm_source *source, const hm_macros *macros,
        const hm_declared *declared, hm_model *model) {
    hm_entities entities;
    hm_entities_init(&entities, source, macros, declared);
    uint32_t count = model->function_count;
    uint32_t *numbers = hm_source_array(source, count, sizeof *numbers);
    uint32_t *combiners = hm_source_array(source, count, sizeof *combiners);
    for (uint32_t i = 0; i < count && numbers != NULL && combiners != NULL; i++) {
        const hm_model_function *function = &model->functions[i];
        numbers[i] = hm_entities_declaration(&entities, function->cursor);
        combiners[i] = function->combiner != NULL ? hm_entities_declaration(&entities,
                                                            function->combiner_cursor)
                                                  : HM_NONE;
    }
    if (source->no_memory || !read_all(&entities) || !hm_version_compute(&entities)) {
        source->no_memory = true;
        return;
    }
    model->has_state = entities.has_state;
    for (uint32_t i = 0; i < count; i++) {
        hm_model_function *function = &model->functions[i];
        const hm_entity *combiner =
                combiners[i] != HM_NONE ? &entities.items[combiners[i]] : NULL;
        if (!set_version(source, function, &entities.items[numbers[i]], combiner)) {
            source->no_memory = true;
        }
        report_writes(source, function, &entities, numbers[i], numbers[i]);
        if (combiner != NULL) {
            report_writes(source, function, &entities, numbers[i], combiners[i]);
        }
    }
}
