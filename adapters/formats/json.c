// json.c — json: a file that is one value of any type; or, for columns, a table.

#include <string.h>

#include <hamilton/json.h>

#include "adapters/formats/bytes.h"
#include "adapters/formats/facts.h"
#include "adapters/formats/formats.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/target.h"

// The text is read, and not needed any more; the value owns itself.
typedef struct hm_json_owner {
    const hm_allocator *allocator;
    hm_value value;
} hm_json_owner;

static void release_value(void *owner) {
    hm_json_owner *of = owner;
    hm_value_release(&of->value);
    hm_deallocate_array(of->allocator, of, 1, sizeof *of);
}

static hm_status read_value(
        const hm_bytes *file, const hm_type *type, hm_value *value, hm_error *error) {
    if (memchr(file->text, '\0', file->length) != NULL) {
        return hm_error_set(
                error, HM_BAD_DATA, "it has a zero byte, which no JSON has");
    }
    return hm_json_read(file->text, type, file->allocator, value, error);
}

static hm_status load(
        void *self, const hm_load *wanted, hm_loaded *loaded, hm_error *error) {
    (void)self;
    const char *path = hm_argument_string(&wanted->arguments[0]);
    hm_bytes file;
    HM_TRY(hm_bytes_read(path, wanted->allocator, &file, error));
    hm_json_owner *owner = hm_allocate_array(wanted->allocator, 1, sizeof *owner);
    if (owner == NULL) {
        hm_bytes_finish(&file);
        return hm_error_no_memory(error);
    }
    owner->allocator = wanted->allocator;
    hm_error detail;
    hm_status status =
            read_value(&file, wanted->columns[0].type, &owner->value, &detail);
    loaded->facts = file.facts;
    hm_bytes_finish(&file);
    if (status != HM_OK) {
        hm_deallocate_array(wanted->allocator, owner, 1, sizeof *owner);
        return hm_error_set(error, status, "%s: %s", path, detail.message);
    }
    loaded->values[0] = owner->value;
    loaded->values[0].release = NULL;
    loaded->owner = owner;
    loaded->release = release_value;
    return HM_OK;
}

static hm_status load_columns(
        void *self, const hm_load *wanted, hm_loaded *loaded, hm_error *error) {
    (void)self;
    return hm_table_format_load(HM_FORMAT_JSON, wanted, loaded, error);
}

// One value as it is; several as members of an object.
static hm_status write(const hm_save *given, hm_target *target) {
    if (given->value_count == 1) {
        return hm_json_write(&given->values[0].value, hm_target_write, target);
    }
    for (size_t i = 0; i < given->value_count; i++) {
        if (!hm_target_write(i == 0 ? "{" : ", ", i == 0 ? 1 : 2, target)) {
            return HM_IO;
        }
        HM_TRY(hm_json_write_string(given->values[i].name, hm_target_write, target));
        if (!hm_target_write(": ", 2, target)) {
            return HM_IO;
        }
        HM_TRY(hm_json_write(&given->values[i].value, hm_target_write, target));
    }
    return hm_target_write("}", 1, target) ? HM_OK : HM_IO;
}

static hm_status write_file(const hm_save *given, const char *path, hm_error *error) {
    hm_target target;
    HM_TRY(hm_target_init(&target, path, error));
    hm_status status = write(given, &target);
    if (status == HM_OK && !hm_target_write("\n", 1, &target)) {
        status = HM_IO;
    }
    if (status == HM_OK || status == HM_IO) {
        return hm_target_commit(&target, error); // knows why a write failed
    }
    hm_target_abandon(&target);
    return status == HM_BAD_DATA ? hm_error_set(error, status,
                                           "there is text in it that is not UTF-8")
                                 : hm_error_set(error, status, NULL);
}

static hm_status save(
        void *self, const hm_save *given, hm_data_facts *facts, hm_error *error) {
    (void)self;
    const char *path;
    HM_TRY(hm_facts_saved_path(given, &path, error));
    hm_error detail;
    hm_status status = write_file(given, path, &detail);
    if (status != HM_OK) {
        return hm_error_set(error, status, "%s: %s", path, detail.message);
    }
    hm_facts_note(path, true, facts);
    return HM_OK;
}

static hm_status save_columns(
        void *self, const hm_save *given, hm_data_facts *facts, hm_error *error) {
    (void)self;
    return hm_table_format_save(HM_FORMAT_JSON, given, facts, error);
}

const hm_data_format hm_json_format = {.struct_size = sizeof(hm_data_format),
        .name = "json",
        .parameters = &hm_path_parameter,
        .parameter_count = 1,
        .load = load,
        .load_columns = load_columns,
        .save = save,
        .save_columns = save_columns};
