// formats.c — see formats.h.

#include "graph/formats.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/literal.h"
#include "base/text.h"
#include "graph/nearest.h"
#include "graph/records.h"

// The parameter that all of them have.
static const char column_name[] = "column";

// A component has its own objects for them.
static bool is_type_known(const hm_type *type) {
    return type != NULL && type->name != NULL &&
           (hm_type_equal(type, &hm_type_string) ||
                   hm_type_equal(type, &hm_type_bool) ||
                   hm_type_equal(type, &hm_type_long) ||
                   hm_type_equal(type, &hm_type_double));
}

// What is wrong with a format, or NULL.
static const char *find_fault(const hm_data_format *format) {
    if (format == NULL) {
        return "it is NULL";
    }
    if (format->struct_size < sizeof *format) {
        return "its struct_size is not set";
    }
    if (format->name == NULL || format->name[0] == '\0') {
        return "it has no name";
    }
    if (format->load == NULL && format->load_columns == NULL && format->save == NULL &&
            format->save_columns == NULL) {
        return "it neither loads nor saves";
    }
    if (format->parameter_count > HM_FORMAT_PARAMETERS ||
            (format->parameter_count > 0 && format->parameters == NULL)) {
        return "it has too many parameters, or a count but none";
    }
    for (size_t i = 0; i < format->parameter_count; i++) {
        const hm_format_parameter *parameter = &format->parameters[i];
        if (parameter->name == NULL || !is_type_known(parameter->type)) {
            return "a parameter has no name, or is no string, bool, long or double";
        }
        bool is_taken = strcmp(parameter->name, column_name) == 0;
        for (size_t k = 0; k < i; k++) {
            is_taken |= strcmp(parameter->name, format->parameters[k].name) == 0;
        }
        if (is_taken) {
            return "two parameters have one name, or one is called column";
        }
    }
    return NULL;
}

hm_status hm_formats_check(hm_build *build) {
    const hm_graph_options *options = build->options;
    for (size_t i = 0; i < options->format_count; i++) {
        const hm_data_format *format = options->formats[i];
        const char *fault = find_fault(format);
        if (fault != NULL) {
            hm_faults_format(build->faults, (hm_diagnostic){.status = HM_BAD_ARGUMENT},
                    "format %zu of the driver%s%s cannot be used: %s", i + 1,
                    format != NULL && format->name != NULL ? ", " : "",
                    format != NULL && format->name != NULL ? format->name : "", fault);
        }
    }
    return HM_OK;
}

const hm_data_format *hm_format_find(const hm_build *build, const char *name) {
    const hm_graph_options *options = build->options;
    for (size_t i = 0; i < options->format_count; i++) {
        const hm_data_format *format = options->formats[i];
        if (find_fault(format) == NULL && strcmp(format->name, name) == 0) {
            return format;
        }
    }
    return NULL;
}

static bool goes(const hm_data_format *format, hm_data_way way, bool by_columns) {
    if (way == HM_DATA_LOADED) {
        return (by_columns ? format->load_columns : format->load) != NULL;
    }
    return (by_columns ? format->save_columns : format->save) != NULL;
}

bool hm_format_is_table(
        const hm_data_format *format, const hm_data_use *use, hm_data_way way) {
    return use->column != NULL || !goes(format, way, false);
}

bool hm_format_takes_fields(const hm_data_format *format, const hm_data_use *use,
        hm_data_way way, const hm_formatted *value) {
    return value->type->kind == HM_KIND_STRUCT && use->column == NULL &&
           hm_format_is_table(format, use, way);
}

static const char *verb_of(hm_data_way way) {
    return way == HM_DATA_LOADED ? "load" : "save";
}

static bool refuse_format(
        const hm_build *build, const hm_refusal *refusal, const char *name) {
    hm_nearest nearest;
    hm_nearest_init(&nearest, name);
    hm_text mend;
    hm_text_init(&mend, build->options->allocator);
    hm_text_append(&mend, "there are ");
    bool has_one = false;
    for (size_t i = 0; i < build->options->format_count; i++) {
        const hm_data_format *each = build->options->formats[i];
        if (find_fault(each) == NULL) {
            hm_text_format(&mend, "%s%s", has_one ? ", " : "", each->name);
            hm_nearest_offer(&nearest, each->name);
            has_one = true;
        }
    }
    if (nearest.name != NULL) {
        hm_text_clear(&mend);
        hm_text_format(&mend, "did you mean `%s`?", nearest.name);
    }
    hm_refusal_tell(refusal, hm_text_get(&mend), "there is no data format `%s`", name);
    hm_text_finish(&mend);
    return false;
}

static bool check_way(const hm_refusal *refusal, const hm_data_format *format,
        const hm_data_use *use, hm_data_way way) {
    if (use->column != NULL && !goes(format, way, true)) {
        return hm_refusal_tell(refusal, "leave out the column", "`%s` %ss no columns",
                format->name, verb_of(way));
    }
    return goes(format, way, hm_format_is_table(format, use, way)) ||
           hm_refusal_tell(refusal, "use another format", "`%s` %ss nothing",
                   format->name, verb_of(way));
}

static bool accepts(const hm_refusal *refusal, const hm_data_format *format,
        hm_data_way way, const char *name, const hm_type *type, bool is_array) {
    const char *why = "it is only known by pointer";
    bool is_fine = type->kind != HM_KIND_OPAQUE && type->kind != HM_KIND_JSON &&
                   type->size > 0;
    if (is_fine && format->accepts != NULL) {
        why = "its format does not know the type";
        is_fine = format->accepts(format->self, way, type, is_array, &why);
    }
    return is_fine ||
           hm_refusal_tell(refusal, "use another format, or another type",
                   "`%s` cannot %s `%s`, which is %s%s: %s", format->name, verb_of(way),
                   name, type->name, is_array ? "[]" : "", why);
}

static bool check_fields(const hm_refusal *refusal, const hm_data_format *format,
        hm_data_way way, const hm_formatted *value) {
    for (size_t f = 0; f < value->type->field_count; f++) {
        const hm_field *field = &value->type->fields[f];
        const hm_type *type = hm_record_column_type(field);
        if (type == NULL) {
            return hm_refusal_tell(refusal,
                    "name a column that has the whole struct: HM_VALUE(column, "
                    "\"name\")",
                    "field `%s` of `%s` is an array, and no column of `%s` can be",
                    field->name, value->type->name, format->name);
        }
        if (!accepts(refusal, format, way, field->name, type, true)) {
            return false;
        }
    }
    return (value->type->field_count > 0 && !value->type->has_hidden) ||
           hm_refusal_tell(refusal, "take its parts one by one",
                   "`%s` has more than fields with names", value->type->name);
}

static bool check_value(const hm_refusal *refusal, const hm_data_format *format,
        const hm_data_use *use, hm_data_way way, const hm_formatted *value) {
    bool is_table = hm_format_is_table(format, use, way);
    if (way == HM_DATA_LOADED && value->is_array && value->pass == HM_BY_REFERENCE) {
        return hm_refusal_tell(refusal, "take an array of the structs themselves",
                "`%s` is an array of pointers, which nothing can be loaded into",
                value->name);
    }
    if (hm_format_takes_fields(format, use, way, value)) {
        return check_fields(refusal, format, way, value);
    }
    return accepts(refusal, format, way, value->name, value->type,
            value->is_array || is_table);
}

static bool check_required(const hm_refusal *refusal, const hm_data_format *format,
        const hm_data_use *use) {
    for (size_t p = 0; p < format->parameter_count; p++) {
        const hm_format_parameter *parameter = &format->parameters[p];
        bool is_given = !parameter->is_required;
        for (size_t i = 0; i < use->item_count && !is_given; i++) {
            is_given = hm_data_use_binds(&use->items[i]) &&
                       strcmp(use->items[i].arguments[0].text, parameter->name) == 0;
        }
        if (!is_given) {
            char mend[256];
            snprintf(mend, sizeof mend, "say HM_VALUE(%s, %s), or HM_SOURCE(%s, node)",
                    parameter->name,
                    parameter->type->kind == HM_KIND_STRING ? "\"...\"" : "...",
                    parameter->name);
            return hm_refusal_tell(refusal, mend, "`%s` needs `%s`, %s %s",
                    format->name, parameter->name, parameter->type->name,
                    parameter->meaning != NULL ? parameter->meaning : "");
        }
    }
    return true;
}

// The format's parameters as those of a function.
static void describe(
        const hm_data_format *format, hm_parameter parameters[HM_FORMAT_PARAMETERS]) {
    for (size_t p = 0; p < format->parameter_count; p++) {
        parameters[p] = (hm_parameter){.name = format->parameters[p].name,
                .type = format->parameters[p].type,
                .dimension = HM_NONE};
    }
}

// Counts what is refused.
typedef struct hm_counting {
    hm_refuse *refuse;
    void *context;
    bool is_refused;
} hm_counting;

static void count(void *context, const char *mend, const char *message) {
    hm_counting *counting = context;
    counting->is_refused = true;
    counting->refuse(counting->context, mend, message);
}

static bool check_items(const hm_refusal *refusal, const hm_data_format *format,
        const hm_data_use *use) {
    hm_parameter parameters[HM_FORMAT_PARAMETERS];
    describe(format, parameters);
    hm_counting counting = {refusal->refuse, refusal->context, false};
    for (size_t i = 0; i < use->item_count; i++) {
        const hm_bindings bindings = {.macro = use->macro,
                .function = refusal->function,
                .parameters = parameters,
                .parameter_count = format->parameter_count,
                .items = &use->items[i],
                .count = 1};
        if (hm_data_use_binds(&use->items[i])) {
            hm_bindings_check(&bindings, count, &counting);
        }
    }
    return !counting.is_refused;
}

bool hm_format_check_use(const hm_build *build, const hm_data_use *use, hm_data_way way,
        const hm_formatted *value, const char *function, hm_refuse *refuse,
        void *context) {
    const hm_refusal refusal = {.macro = use->macro,
            .function = function,
            .refuse = refuse,
            .context = context};
    const hm_data_format *format = hm_format_find(build, use->format);
    if (format == NULL) {
        return refuse_format(build, &refusal, use->format);
    }
    bool is_sound = check_way(&refusal, format, use, way) &&
                    check_value(&refusal, format, use, way, value);
    is_sound &= check_items(&refusal, format, use);
    return is_sound && check_required(&refusal, format, use);
}

static hm_status bind(hm_build *build, const hm_parameter *described,
        const hm_argument *item, hm_parameter *parameter, bool *is_bound) {
    *parameter = *described;
    *is_bound = hm_binding_is_value(item);
    if (!*is_bound) {
        parameter->name = item->arguments[1].text;
        return HM_OK;
    }
    void *slot = hm_arena_elements(
            &build->graph->arena, 1, described->type->size, described->type->alignment);
    if (slot == NULL) {
        return HM_NO_MEMORY;
    }
    hm_literal_store(&item->arguments[1], described->type, slot);
    parameter->default_value = slot;
    return HM_OK;
}

hm_status hm_format_bind(hm_build *build, const hm_data_format *format,
        const hm_data_use *use, uint32_t before, hm_format_call *call) {
    hm_arena *arena = &build->graph->arena;
    hm_parameter described[HM_FORMAT_PARAMETERS];
    describe(format, described);
    const hm_bindings bindings = {
            .parameters = described, .parameter_count = format->parameter_count};
    size_t room = before + use->item_count;
    call->parameters = hm_arena_array(arena, room, sizeof *call->parameters);
    call->is_bound = hm_arena_array(arena, room, sizeof *call->is_bound);
    call->arguments = hm_arena_array(arena, room, sizeof *call->arguments);
    call->count = before;
    if (call->parameters == NULL || call->is_bound == NULL || call->arguments == NULL) {
        return HM_NO_MEMORY;
    }
    for (size_t i = 0; i < use->item_count; i++) {
        const hm_argument *item = &use->items[i];
        if (!hm_data_use_binds(item)) {
            continue;
        }
        uint32_t index = hm_binding_parameter(&bindings, item);
        call->arguments[call->count - before] = index;
        HM_TRY(bind(build, &described[index], item, &call->parameters[call->count],
                &call->is_bound[call->count]));
        call->count++;
    }
    return HM_OK;
}

hm_status hm_format_version(hm_build *build, const hm_data_format *format,
        const hm_data_use *use, const char *also, const char **version) {
    hm_text text;
    hm_text_init(&text, build->options->allocator);
    hm_text_format(&text, "%s %s", use->macro, format->name);
    for (size_t i = 0; i < use->item_count; i++) {
        const hm_argument *item = &use->items[i];
        hm_text_format(&text, " %s(", item->text);
        for (size_t p = 0; p < item->argument_count; p++) {
            const hm_argument *part = &item->arguments[p];
            hm_text_format(&text, "%d %zu %s,", (int)part->kind, strlen(part->text),
                    part->text);
        }
        hm_text_append(&text, ")");
    }
    hm_text_format(&text, " %s", also);
    hm_status status = text.failed
                               ? HM_NO_MEMORY
                               : hm_build_derive_version(build,
                                         format->version != NULL ? format->version : "",
                                         hm_text_get(&text), version);
    hm_text_finish(&text);
    return status;
}

hm_status hm_format_tag(
        hm_build *build, const hm_data_format *format, const char *key, hm_tags *tags) {
    hm_tag *tag = hm_arena_array(&build->graph->arena, 1, sizeof *tag);
    hm_argument *value = hm_arena_array(&build->graph->arena, 1, sizeof *value);
    if (tag == NULL || value == NULL) {
        return HM_NO_MEMORY;
    }
    *value = (hm_argument){.kind = HM_ARGUMENT_NAME, .text = format->name};
    *tag = (hm_tag){.key = key, .values = value, .value_count = 1};
    *tags = (hm_tags){tag, 1};
    return HM_OK;
}
