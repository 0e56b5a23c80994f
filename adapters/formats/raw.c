// raw.c — raw: the bytes of a file, as text or as an array of numbers as they lie in
// memory.

#include <string.h>

#include "adapters/formats/bytes.h"
#include "adapters/formats/facts.h"
#include "adapters/formats/formats.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/target.h"

static bool accepts(void *self, hm_data_way way, const hm_type *type, bool is_array,
        const char **why) {
    (void)self;
    (void)way;
    bool is_number = type->kind == HM_KIND_INT || type->kind == HM_KIND_UINT ||
                     type->kind == HM_KIND_FLOAT;
    *why = "raw bytes are one text, or an array of numbers";
    return is_array ? is_number : type->kind == HM_KIND_STRING;
}

// What the values point into.
typedef struct hm_raw_owner {
    hm_bytes file;
    const char *text;
} hm_raw_owner;

static void release_file(void *owner) {
    hm_raw_owner *of = owner;
    const hm_allocator *allocator = of->file.allocator;
    hm_bytes_finish(&of->file);
    hm_deallocate_array(allocator, of, 1, sizeof *of);
}

static hm_status take_text(hm_raw_owner *owner, hm_value *value, hm_error *error) {
    const hm_bytes *file = &owner->file;
    if (memchr(file->text, '\0', file->length) != NULL) {
        return hm_error_set(error, HM_BAD_DATA,
                "%s: it has a zero byte, which ends text: take it as an array of "
                "unsigned char",
                file->facts.source);
    }
    owner->text = file->text;
    *value = hm_value_one(&hm_type_string, &owner->text);
    return HM_OK;
}

static hm_status take_numbers(
        hm_raw_owner *owner, const hm_type *type, hm_value *value, hm_error *error) {
    const hm_bytes *file = &owner->file;
    if (file->length % type->size != 0) {
        return hm_error_set(error, HM_BAD_DATA,
                "%s: its %zu bytes are no whole number of %s, of %u bytes each",
                file->facts.source, file->length, type->name, (unsigned)type->size);
    }
    *value = hm_value_many(type, file->text, file->length / type->size);
    return HM_OK;
}

static hm_status load(
        void *self, const hm_load *wanted, hm_loaded *loaded, hm_error *error) {
    (void)self;
    hm_raw_owner *owner = hm_allocate_array(wanted->allocator, 1, sizeof *owner);
    if (owner == NULL) {
        return hm_error_no_memory(error);
    }
    hm_status status = hm_bytes_read(hm_argument_string(&wanted->arguments[0]),
            wanted->allocator, &owner->file, error);
    if (status != HM_OK) {
        hm_deallocate_array(wanted->allocator, owner, 1, sizeof *owner);
        return status;
    }
    status = wanted->is_array ? take_numbers(owner, wanted->columns[0].type,
                                        &loaded->values[0], error)
                              : take_text(owner, &loaded->values[0], error);
    if (status != HM_OK) {
        release_file(owner);
        return status;
    }
    loaded->facts = owner->file.facts;
    loaded->owner = owner;
    loaded->release = release_file;
    return HM_OK;
}

// The bytes of a value; *is_whole tells whether none is missing.
static const char *bytes_of(const hm_value *value, size_t *length, bool *is_whole) {
    if (value->depth == 0) {
        const char *text;
        memcpy(&text, hm_value_data(value), sizeof text);
        *is_whole = text != NULL;
        *length = text != NULL ? strlen(text) : 0;
        return text;
    }
    const hm_array *array = &value->many;
    *is_whole = true;
    for (size_t i = 0; i < array->length && array->validity != NULL; i++) {
        *is_whole &= (array->validity[i / 8] >> (i % 8) & 1) != 0;
    }
    *length = array->length * value->type->size;
    return array->data;
}

static hm_status write_file(const char *path, const hm_value *value, hm_error *error) {
    size_t length;
    bool is_whole;
    const char *bytes = bytes_of(value, &length, &is_whole);
    if (!is_whole) {
        return hm_error_set(
                error, HM_BAD_DATA, "an element is missing, which no bytes can tell");
    }
    hm_target target;
    HM_TRY(hm_target_init(&target, path, error));
    if (length > 0) {
        (void)hm_target_write(bytes, length, &target); // committing tells of a failure
    }
    return hm_target_commit(&target, error);
}

static hm_status save(
        void *self, const hm_save *given, hm_data_facts *facts, hm_error *error) {
    (void)self;
    const char *path;
    HM_TRY(hm_facts_saved_path(given, &path, error));
    const hm_value *value = &given->values[0].value;
    bool is_text = value->type->kind == HM_KIND_STRING;
    if (given->value_count > 1 || value->depth != (is_text ? 0u : 1u)) {
        return hm_error_set(error, HM_BAD_DATA,
                "%s: raw bytes are one text, or one array of numbers", path);
    }
    hm_error detail;
    hm_status status = write_file(path, value, &detail);
    if (status != HM_OK) {
        return hm_error_set(error, status, "%s: %s", path, detail.message);
    }
    hm_facts_note(path, true, facts);
    return HM_OK;
}

const hm_data_format hm_raw_format = {.struct_size = sizeof(hm_data_format),
        .name = "raw",
        .parameters = &hm_path_parameter,
        .parameter_count = 1,
        .accepts = accepts,
        .load = load,
        .save = save};
