// loads.c — see loads.h.

#include "graph/loads.h"

#include <string.h>

#include <hamilton/node.h>

#include "base/arena.h"
#include "base/error.h"
#include "graph/data_object.h"
#include "graph/records.h"

// Where outputs go.
typedef struct hm_slots {
    char *frame;
    const uint32_t *outputs;
} hm_slots;

static hm_status refuse_value(const hm_loading *loading, const hm_column *column,
        const char *what, hm_error *error) {
    return hm_error_set(error, HM_BAD_DATA, "`%s` of the format `%s` %s", column->name,
            loading->format->name, what);
}

// Formats may be anybody's: what they made is what was asked for.
static hm_status check_values(
        const hm_loading *loading, const hm_value *values, hm_error *error) {
    bool is_array = loading->is_table || loading->targets[0].is_array;
    for (uint32_t c = 0; c < loading->column_count; c++) {
        const hm_column *column = &loading->columns[c];
        const hm_value *value = &values[c];
        if (value->type == NULL) {
            return refuse_value(loading, column, "is not there", error);
        }
        if (!hm_type_equal(value->type, column->type) || value->by_reference) {
            return refuse_value(loading, column, "came as another type", error);
        }
        if (value->depth != (is_array ? 1u : 0u)) {
            return refuse_value(loading, column,
                    value->depth > 1 ? "holds arrays: only single values can be loaded"
                    : is_array       ? "is one value, and an array is wanted"
                                     : "is an array, and one value is wanted",
                    error);
        }
        if (is_array && value->many.length != values[0].many.length) {
            return refuse_value(
                    loading, column, "is not as long as the first column", error);
        }
        if (!is_array && hm_value_data(value) == NULL) {
            return refuse_value(loading, column, "is a null pointer", error);
        }
    }
    return HM_OK;
}

// What the targets get, of the columns that the format made.
static hm_status fill_targets(const hm_loading *loading, const hm_value *columns,
        hm_data_object *object, hm_slots *slots, hm_error *error) {
    for (uint32_t t = 0; t < loading->target_count; t++) {
        const hm_load_target *target = &loading->targets[t];
        hm_value value = columns[target->first_column];
        if (target->is_record) {
            HM_TRY(hm_records_gather(target->type, &columns[target->first_column],
                    value.many.length, &object->arena, &value, error));
        }
        char *slot = slots->frame + slots->outputs[1 + t];
        if (value.depth > 0) {
            memcpy(slot, &value.many, sizeof value.many);
        } else {
            memcpy(slot, hm_value_data(&value), value.type->size);
        }
    }
    return HM_OK;
}

static const char *first_argument(const hm_value *arguments) {
    const hm_value *first = &arguments[0];
    return first->type != NULL && first->type->kind == HM_KIND_STRING
                   ? hm_argument_string(first)
                   : "";
}

static bool is_told(const hm_slots *slots) {
    const void *untold;
    memcpy(&untold, slots->frame + slots->outputs[0], sizeof untold);
    return untold != &hm_data_untold;
}

static hm_status load(const hm_loading *loading, const hm_value *arguments,
        hm_data_object *object, hm_slots *slots, hm_error *error) {
    const hm_data_format *format = loading->format;
    const hm_load wanted = {.arguments = arguments,
            .columns = loading->columns,
            .column_count = loading->column_count,
            .is_array = loading->targets[0].is_array,
            .is_told = is_told(slots),
            .allocator = loading->allocator,
            .thread_count = loading->thread_count};
    hm_loaded loaded = {.facts = hm_data_facts_unknown()};
    loaded.values = hm_arena_array(
            &object->arena, loading->column_count, sizeof *loaded.values);
    if (loaded.values == NULL) {
        return hm_error_no_memory(error);
    }
    HM_TRY((loading->is_table ? format->load_columns : format->load)(
            format->self, &wanted, &loaded, error));
    object->owner = loaded.owner;
    object->release = loaded.release;
    HM_TRY(check_values(loading, loaded.values, error));
    HM_TRY(fill_targets(loading, loaded.values, object, slots, error));
    const hm_value *first = &loaded.values[0];
    if (hm_data_object_tell(object, format->name, &loaded.facts,
                first_argument(arguments), first->depth > 0 ? first->many.length : 1,
                loading->schema) != HM_OK) {
        return hm_error_no_memory(error);
    }
    return HM_OK;
}

// The arguments of the format; those that nobody gives have no type.
static void read_arguments(const hm_loading *loading, const char *frame,
        const uint32_t *at, hm_value arguments[HM_FORMAT_PARAMETERS]) {
    memset(arguments, 0, HM_FORMAT_PARAMETERS * sizeof *arguments);
    for (size_t p = 0; p < loading->function->parameter_count; p++) {
        arguments[loading->arguments[p]] =
                hm_value_one(loading->function->parameters[p].type, frame + at[p]);
    }
}

int hm_loading_call(void *frame, const uint32_t *at, void *self) {
    const hm_loading *loading = self;
    hm_value arguments[HM_FORMAT_PARAMETERS];
    read_arguments(loading, frame, at, arguments);
    hm_data_object *object = hm_data_object_create(loading->allocator);
    if (object == NULL) {
        return hm_fail("%s", hm_status_text(HM_NO_MEMORY));
    }
    hm_slots slots = {frame, at + loading->function->parameter_count};
    hm_error error = {.message = ""};
    hm_status status = load(loading, arguments, object, &slots, &error);
    if (status != HM_OK) {
        hm_data_object_destroy(object);
        return hm_fail("%s",
                error.message[0] != '\0' ? error.message : hm_status_text(status));
    }
    memcpy(slots.frame + slots.outputs[0], &object, sizeof object);
    return 0;
}
