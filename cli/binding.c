// binding.c — see binding.h.

#include "cli/binding.h"

#include <string.h>

#include <hamilton/allocator.h>
#include <hamilton/json.h>

#include "base/error.h"
#include "base/json_scan.h"
#include "base/names.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/file.h"

hm_status hm_bindings_add(
        hm_session *session, hm_bindings *bindings, const char *name, hm_value value) {
    if (bindings->count == bindings->capacity) {
        size_t capacity = bindings->capacity == 0 ? 16 : bindings->capacity * 2;
        hm_binding *items = hm_arena_array(&session->arena, capacity, sizeof *items);
        if (items == NULL) {
            return hm_session_no_memory(session);
        }
        if (bindings->count > 0) {
            memcpy(items, bindings->items, bindings->count * sizeof *items);
        }
        bindings->items = items;
        bindings->capacity = capacity;
    }
    bindings->items[bindings->count++] = (hm_binding){name, value};
    return HM_OK;
}

hm_binding *hm_bindings_find(const hm_bindings *bindings, const char *name) {
    for (size_t i = 0; i < bindings->count; i++) {
        if (strcmp(bindings->items[i].name, name) == 0) {
            return &bindings->items[i];
        }
    }
    return NULL;
}

static bool is_json(const char *text, hm_error *error) {
    hm_json_scan scan;
    hm_json_scan_init(&scan, text, strlen(text), error);
    return hm_json_skip(&scan, NULL) && hm_json_finish(&scan);
}

static hm_status quote(hm_session *session, const char *word, const char **json) {
    hm_text text;
    hm_text_init(&text, NULL);
    hm_status status = hm_json_write_string(word, hm_text_write, &text);
    const char *copy = status == HM_OK && !text.failed
                               ? hm_arena_text(&session->arena, hm_text_get(&text))
                               : NULL;
    hm_text_finish(&text);
    if (copy == NULL) {
        return hm_session_no_memory(session);
    }
    *json = copy;
    return HM_OK;
}

// What is in the file, without the end of its last line.
static hm_status read_value(
        hm_session *session, const char *name, const char *path, const char **value) {
    const char *text;
    size_t length;
    HM_TRY(hm_file_read(session, path, &text, &length));
    if (strlen(text) != length) {
        return hm_session_fail(session, HM_BAD_DATA, NULL,
                "the value of `%s` in `%s` is no text: it has a byte 0", name, path);
    }
    if (length > 0 && text[length - 1] == '\n') {
        length -= length > 1 && text[length - 2] == '\r' ? 2 : 1;
    }
    *value = hm_arena_slice(&session->arena, text, length);
    return *value != NULL ? HM_OK : hm_session_no_memory(session);
}

hm_status hm_binding_json(
        hm_session *session, const char *name, const char *value, const char **json) {
    const char *path = value[0] == '@' ? value + 1 : NULL;
    if (path != NULL) {
        HM_TRY(read_value(session, name, path, &value));
    }
    hm_error error;
    if (is_json(value, &error)) {
        *json = value;
        return HM_OK;
    }
    // What begins as JSON that is more than a word was meant to be it.
    if (strchr("\"[{", value[strspn(value, " \t\r\n")]) == NULL || value[0] == '\0') {
        return quote(session, value, json);
    }
    if (path != NULL) {
        return hm_session_fail(session, HM_BAD_DATA, NULL,
                "the value of `%s` in `%s` is no JSON: %s", name, path, error.message);
    }
    return hm_session_fail(session, HM_BAD_DATA,
            "a shell takes quotes away, unless the whole is in single quotes: "
            "'NAME=\"text\"'",
            "the value of `%s` is no JSON: %s", name, error.message);
}

static hm_status read_one(hm_session *session, const hm_given *given, const char **name,
        const char **json) {
    const char *equals = strchr(given->value, '=');
    if (equals == NULL || equals == given->value) {
        return hm_session_fail(session, HM_BAD_ARGUMENT,
                hm_session_text(session, "write --%s %s", given->option->name,
                        given->option->operand),
                "--%s `%s` has no %s", given->option->name, given->value,
                equals == NULL ? "=" : "name");
    }
    *name = hm_arena_slice(
            &session->arena, given->value, (size_t)(equals - given->value));
    return *name != NULL ? hm_binding_json(session, *name, equals + 1, json)
                         : hm_session_no_memory(session);
}

hm_status hm_bindings_read(
        hm_session *session, const char *option, hm_bindings *bindings) {
    hm_status first = HM_OK;
    size_t at = 0;
    const hm_given *given;
    while ((given = hm_arguments_next(session, option, &at)) != NULL) {
        const char *name = NULL;
        const char *json = NULL;
        hm_status status = read_one(session, given, &name, &json);
        if (status == HM_OK) {
            status = hm_bindings_add(session, bindings, name, hm_value_json(json));
        }
        first = first == HM_OK ? status : first;
    }
    return first;
}

// keys are those of the members before.
static hm_status add_member(hm_session *session, hm_json_scan *scan, hm_names *keys,
        hm_bindings *bindings) {
    hm_json_slice name;
    hm_json_slice slice;
    if (!hm_json_name(scan, &name) || !hm_json_skip(scan, &slice)) {
        return HM_BAD_DATA;
    }
    const char *key = hm_json_unescape(name, &session->arena);
    const char *value = hm_arena_slice(&session->arena, slice.text, slice.length);
    uint32_t *known = key != NULL ? hm_names_put(keys, key) : NULL;
    if (known == NULL || value == NULL) {
        return hm_session_no_memory(session);
    }
    if (*known != HM_NAMES_ABSENT) {
        hm_json_fail(scan, "member `%s` is given twice", key);
        return HM_BAD_DATA;
    }
    *known = 0;
    return hm_bindings_add(session, bindings, key, hm_value_json(value));
}

static hm_status read_file(
        hm_session *session, const char *path, hm_bindings *bindings) {
    const char *text;
    size_t length;
    HM_TRY(hm_file_read(session, path, &text, &length));
    hm_error error = {0};
    hm_json_scan scan;
    hm_json_scan_init(&scan, text, length, &error);
    if (hm_json_peek(&scan) != HM_JSON_OBJECT) {
        hm_json_expected(&scan, "an object");
    } else {
        hm_names keys;
        hm_names_init(&keys, hm_allocator_default());
        hm_json_open(&scan);
        bool is_first = true;
        hm_status status = HM_OK;
        while (status == HM_OK && hm_json_next(&scan, '}', &is_first)) {
            status = add_member(session, &scan, &keys, bindings);
        }
        hm_names_finish(&keys);
        if (status == HM_NO_MEMORY ||
                (status == HM_OK && !scan.failed && hm_json_finish(&scan))) {
            return status;
        }
    }
    return hm_session_fail(session, HM_BAD_DATA, "write it as {\"NAME\": VALUE, ...}",
            "the configuration in `%s` cannot be read: %s", path, error.message);
}

// Puts bindings after others, or in the place of those that have their name. `places`
// tells where each is.
static hm_status merge(hm_session *session, hm_bindings *bindings, hm_names *places,
        const hm_bindings *later) {
    for (size_t i = 0; i < later->count; i++) {
        hm_binding binding = later->items[i];
        uint32_t *place = hm_names_put(places, binding.name);
        if (place == NULL) {
            return hm_session_no_memory(session);
        }
        if (*place != HM_NAMES_ABSENT) {
            bindings->items[*place] = binding;
            continue;
        }
        *place = (uint32_t)bindings->count;
        HM_TRY(hm_bindings_add(session, bindings, binding.name, binding.value));
    }
    return HM_OK;
}

hm_status hm_bindings_read_config(hm_session *session, hm_bindings *bindings) {
    hm_names places;
    hm_names_init(&places, hm_allocator_default());
    hm_status first = HM_OK;
    size_t at = 0;
    const hm_given *given;
    while ((given = hm_arguments_next(session, "config-file", &at)) != NULL) {
        hm_bindings file = {0};
        hm_status status = read_file(session, given->value, &file);
        if (status == HM_OK) {
            status = merge(session, bindings, &places, &file);
        }
        first = first == HM_OK ? status : first;
    }
    hm_bindings direct = {0};
    hm_status status = hm_bindings_read(session, "config", &direct);
    if (status == HM_OK) {
        status = merge(session, bindings, &places, &direct);
    }
    hm_names_finish(&places);
    return first == HM_OK ? status : first;
}
