// write_types.c — the constant tables of a module's types, and what is done with their
// values.

#include "reflect/duties.h"
#include "reflect/write.h"
#include "reflect/write_literal.h"

static const char *kind_name(hm_kind kind) {
    static const char *const names[] = {
            [HM_KIND_BOOL] = "HM_KIND_BOOL",
            [HM_KIND_INT] = "HM_KIND_INT",
            [HM_KIND_UINT] = "HM_KIND_UINT",
            [HM_KIND_FLOAT] = "HM_KIND_FLOAT",
            [HM_KIND_STRING] = "HM_KIND_STRING",
            [HM_KIND_STRUCT] = "HM_KIND_STRUCT",
            [HM_KIND_OPAQUE] = "HM_KIND_OPAQUE",
            [HM_KIND_JSON] = "HM_KIND_JSON",
    };
    return names[kind];
}

static const char *unit_name(hm_time_unit unit) {
    static const char *const names[] = {
#define X(word, constant) [constant] = #constant,
            HM_TIME_TYPE_LIST(X)
#undef X
    };
    return names[unit];
}

uint32_t hm_write_type_number(const hm_type *type) {
    return ((const hm_model_type *)type)->number;
}

static void write_fields(hm_text *to, const hm_model_type *type) {
    if (type->type.field_count == 0) {
        return;
    }
    hm_text_format(
            to, "static const hm_field hm_fields_%u[] = {\n", (unsigned)type->number);
    for (size_t i = 0; i < type->type.field_count; i++) {
        const hm_field *field = &type->type.fields[i];
        hm_text_append(to, "    {.name = ");
        hm_write_literal(to, field->name);
        hm_text_format(to, ", .type = &hm_types[%u], .offset = %zu",
                (unsigned)hm_write_type_number(field->type), field->offset);
        if (field->length > 0) {
            hm_text_format(to, ", .length = %zu", field->length);
        }
        if (field->bit_width > 0) {
            hm_text_format(to, ", .bit_offset = %u, .bit_width = %u",
                    (unsigned)field->bit_offset, (unsigned)field->bit_width);
        }
        hm_text_append(to, "},\n");
    }
    hm_text_append(to, "};\n\n");
}

// What was read with the reflector's flags must be what the compiler's flags make.
static void write_size_check(hm_text *to, const hm_model_type *type) {
    if (type->type.kind == HM_KIND_STRUCT && type->spelling != NULL) {
        hm_text_format(to,
                "_Static_assert(sizeof(%s) == %u, \"reflected with other flags\");\n\n",
                type->spelling, (unsigned)type->type.size);
    }
}

static void write_duties(hm_text *to, const hm_model_type *type) {
    unsigned number = (unsigned)type->number;
    if (hm_duty_is_here(type, &type->destroyer)) {
        hm_text_format(to,
                "static void hm_destroy_%u(void *hm_object) {\n"
                "    %s(hm_object);\n"
                "}\n\n",
                number, type->destroyer.function);
    }
    if (hm_duty_is_here(type, &type->writer)) {
        hm_text_format(to,
                "static int hm_write_%u(const void *hm_object, void *hm_to) {\n"
                "    return %s(hm_object, hm_to);\n"
                "}\n\n",
                number, type->writer.function);
    }
    if (hm_duty_is_here(type, &type->reader)) {
        hm_text_format(to,
                "static void *hm_read_%u(void *hm_from) {\n"
                "    return %s(hm_from);\n"
                "}\n\n",
                number, type->reader.function);
    }
    if (hm_duty_is_here(type, &type->hasher)) {
        hm_text_format(to,
                "static uint64_t hm_hash_%u(const void *hm_object) {\n"
                "    return %s(hm_object);\n"
                "}\n\n",
                number, type->hasher.function);
    }
}

static void write_duty(hm_text *to, const hm_model_type *type,
        const hm_model_duty *duty, const char *field) {
    if (hm_duty_is_here(type, duty)) {
        hm_text_format(to, ", .%s = hm_%s_%u", field, field, (unsigned)type->number);
    }
}

static void write_type(hm_text *to, const hm_model_type *type) {
    hm_text_append(to, "    {.name = ");
    hm_write_literal(to, type->type.name);
    hm_text_format(to, ", .kind = %s, .size = %u, .alignment = %u",
            kind_name(type->type.kind), (unsigned)type->type.size,
            (unsigned)type->type.alignment);
    if (type->type.field_count > 0) {
        hm_text_format(to, ", .fields = hm_fields_%u, .field_count = %zu",
                (unsigned)type->number, type->type.field_count);
    }
    if (type->type.time_unit != HM_TIME_NONE) {
        hm_text_format(to, ", .time_unit = %s", unit_name(type->type.time_unit));
    }
    if (type->type.has_hidden) {
        hm_text_append(to, ", .has_hidden = 1");
    }
    write_duty(to, type, &type->destroyer, "destroy");
    write_duty(to, type, &type->writer, "write");
    write_duty(to, type, &type->reader, "read");
    write_duty(to, type, &type->hasher, "hash");
    if (type->version != NULL) {
        hm_text_append(to, ",\n     .version = ");
        hm_write_literal(to, type->version);
    }
    hm_text_append(to, "},\n");
}

void hm_write_types(hm_text *to, const hm_model *model) {
    if (model->type_count == 0) {
        return;
    }
    hm_text_format(
            to, "static const hm_type hm_types[%u];\n\n", (unsigned)model->type_count);
    for (uint32_t i = 0; i < model->type_count; i++) {
        write_fields(to, model->types[i]);
        write_size_check(to, model->types[i]);
        write_duties(to, model->types[i]);
    }
    hm_text_format(
            to, "static const hm_type hm_types[%u] = {\n", (unsigned)model->type_count);
    for (uint32_t i = 0; i < model->type_count; i++) {
        write_type(to, model->types[i]);
    }
    hm_text_append(to, "};\n\n");
}
