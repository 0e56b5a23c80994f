// saves.c — see saves.h.

#include "graph/saves.h"

#include <stdalign.h>
#include <string.h>

#include <hamilton/node.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "graph/data_object.h"
#include "graph/records.h"
#include "graph/whole.h"

// What one call of the function works with.
typedef struct hm_save_work {
    const hm_saving *saving;
    hm_arena *arena; // of the object that is made
    hm_value *values;
    hm_binding *columns; // of a table; else the values with their names
    size_t column_count;
    size_t row_count;
    hm_error *error;
} hm_save_work;

// All arrays are of one length; without any there is one row.
static hm_status count_rows(hm_save_work *work) {
    const hm_save_source *sources = work->saving->sources;
    uint32_t first = HM_NONE;
    work->row_count = 1;
    for (uint32_t s = 0; s < work->saving->source_count; s++) {
        const hm_value *value = &work->values[s];
        if (value->depth > 0 && first == HM_NONE) {
            first = s;
            work->row_count = value->many.length;
        } else if (value->depth > 0 && value->many.length != work->row_count &&
                   work->saving->is_table) {
            return hm_error_set(work->error, HM_LENGTH_MISMATCH,
                    "one table cannot have %zu rows of `%s` and %zu of `%s`",
                    work->row_count, sources[first].name, value->many.length,
                    sources[s].name);
        }
    }
    return HM_OK;
}

// One value as often as there are rows.
static hm_status repeat(hm_save_work *work, hm_value *value) {
    const hm_type *type = value->type;
    const void *element = value->by_reference ? &value->data : hm_value_data(value);
    size_t size = value->by_reference ? sizeof value->data : type->size;
    size_t alignment = value->by_reference ? alignof(void *) : type->alignment;
    char *data = hm_arena_elements(work->arena, work->row_count, size, alignment);
    if (data == NULL) {
        return hm_error_no_memory(work->error);
    }
    for (size_t i = 0; i < work->row_count; i++) {
        memcpy(data + i * size, element, size);
    }
    bool by_reference = value->by_reference;
    *value = hm_value_many(type, data, work->row_count);
    value->by_reference = by_reference;
    return HM_OK;
}

static hm_status add_record(hm_save_work *work, const hm_value *records) {
    const hm_type *type = records->type;
    hm_value *columns = hm_arena_array(work->arena, type->field_count, sizeof *columns);
    if (columns == NULL) {
        return hm_error_no_memory(work->error);
    }
    HM_TRY(hm_records_split(records, work->arena, columns, work->error));
    for (size_t f = 0; f < type->field_count; f++) {
        work->columns[work->column_count++] =
                (hm_binding){type->fields[f].name, columns[f]};
    }
    return HM_OK;
}

static size_t count_columns(const hm_save_work *work) {
    size_t count = 0;
    for (uint32_t s = 0; s < work->saving->source_count; s++) {
        count += work->saving->sources[s].is_record ? work->values[s].type->field_count
                                                    : 1;
    }
    return count;
}

static hm_status make_columns(hm_save_work *work) {
    const hm_saving *saving = work->saving;
    work->columns =
            hm_arena_array(work->arena, count_columns(work), sizeof *work->columns);
    if (work->columns == NULL) {
        return hm_error_no_memory(work->error);
    }
    HM_TRY(count_rows(work));
    for (uint32_t s = 0; s < saving->source_count; s++) {
        hm_value value = work->values[s];
        if (saving->is_table && value.depth == 0) {
            HM_TRY(repeat(work, &value));
        }
        if (saving->sources[s].is_record) {
            HM_TRY(add_record(work, &value));
        } else {
            work->columns[work->column_count++] =
                    (hm_binding){saving->sources[s].name, value};
        }
    }
    return HM_OK;
}

// "spend double, tags string[]"
static hm_status tell_schema(hm_save_work *work, hm_text *schema) {
    for (size_t c = 0; c < work->column_count; c++) {
        const hm_value *value = &work->columns[c].value;
        bool is_text = value->type->kind == HM_KIND_STRING;
        hm_text_format(schema, "%s%s %s", c > 0 ? ", " : "", work->columns[c].name,
                is_text ? "string" : value->type->name);
        for (uint32_t d = work->saving->is_table ? 1 : 0; d < value->depth; d++) {
            hm_text_append(schema, "[]");
        }
    }
    return schema->failed ? hm_error_no_memory(work->error) : HM_OK;
}

static const char *first_argument(const hm_value *arguments) {
    const hm_value *first = &arguments[0];
    return first->type != NULL && first->type->kind == HM_KIND_STRING
                   ? hm_argument_string(first)
                   : "";
}

static hm_status save(
        hm_save_work *work, const hm_value *arguments, hm_data_object *object) {
    const hm_saving *saving = work->saving;
    const hm_data_format *format = saving->format;
    HM_TRY(make_columns(work));
    const hm_save given = {.arguments = arguments,
            .values = work->columns,
            .value_count = work->column_count,
            .allocator = saving->allocator,
            .thread_count = saving->thread_count};
    hm_data_facts facts = hm_data_facts_unknown();
    HM_TRY((saving->is_table ? format->save_columns : format->save)(
            format->self, &given, &facts, work->error));
    hm_text schema;
    hm_text_init(&schema, saving->allocator);
    hm_status status = tell_schema(work, &schema);
    if (status == HM_OK) {
        status = hm_data_object_tell(object, format->name, &facts,
                first_argument(arguments), work->row_count, hm_text_get(&schema));
    }
    hm_text_finish(&schema);
    return status;
}

// The arguments of the format; those that nobody gives have no type.
static void read_arguments(const hm_saving *saving, const char *frame,
        const uint32_t *at, hm_value arguments[HM_FORMAT_PARAMETERS]) {
    memset(arguments, 0, HM_FORMAT_PARAMETERS * sizeof *arguments);
    for (size_t p = saving->source_count; p < saving->function->parameter_count; p++) {
        arguments[saving->arguments[p - saving->source_count]] =
                hm_value_one(saving->function->parameters[p].type, frame + at[p]);
    }
}

static hm_status read_values(
        hm_save_work *work, const char *frame, const uint32_t *at) {
    uint32_t count = work->saving->source_count;
    work->values = hm_arena_array(work->arena, count, sizeof *work->values);
    if (work->values == NULL) {
        return hm_error_no_memory(work->error);
    }
    for (uint32_t s = 0; s < count; s++) {
        hm_whole whole;
        memcpy(&whole, frame + at[s], sizeof whole);
        work->values[s] = hm_whole_value(&whole);
    }
    return HM_OK;
}

int hm_saving_call(void *frame, const uint32_t *at, void *self) {
    const hm_saving *saving = self;
    hm_data_object *object = hm_data_object_create(saving->allocator);
    if (object == NULL) {
        return hm_fail("%s", hm_status_text(HM_NO_MEMORY));
    }
    hm_value arguments[HM_FORMAT_PARAMETERS];
    read_arguments(saving, frame, at, arguments);
    hm_error error = {.message = ""};
    hm_save_work work = {.saving = saving, .arena = &object->arena, .error = &error};
    hm_status status = read_values(&work, frame, at);
    status = status == HM_OK ? save(&work, arguments, object) : status;
    if (status != HM_OK) {
        hm_data_object_destroy(object);
        return hm_fail("%s",
                error.message[0] != '\0' ? error.message : hm_status_text(status));
    }
    memcpy((char *)frame + at[saving->function->parameter_count], &object,
            sizeof object);
    return 0;
}
