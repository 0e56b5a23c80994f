// content.c — see content.h. One table of members for writing and reading.

#include "adapters/bundle/content.h"

#include <string.h>

#include <hamilton/json.h>

#include "base/error.h"
#include "base/json_scan.h"
#include "base/json_write.h"

typedef enum hm_member_kind {
    MEMBER_TEXT,    // const char *
    MEMBER_NUMBER,  // uint32_t
    MEMBER_FLAG,    // bool
    MEMBER_TEXTS,   // an array
    MEMBER_VALUES,  // an array of objects
    MEMBER_CONFIG,  // an object of any JSON
    MEMBER_VERSIONS // an object of texts
} hm_member_kind;

// A member of an object; a NULL name ends a table.
typedef struct hm_member {
    const char *name;
    hm_member_kind kind;
    size_t offset; // of the field
} hm_member;

static const hm_member content_members[] = {
        {"version", MEMBER_NUMBER, offsetof(hm_bundle_content, version)},
        {"is_record", MEMBER_FLAG, offsetof(hm_bundle_content, is_record)},
        {"hamilton", MEMBER_TEXT, offsetof(hm_bundle_content, hamilton)},
        {"compiler", MEMBER_TEXT, offsetof(hm_bundle_content, compiler)},
        {"node", MEMBER_TEXT, offsetof(hm_bundle_content, node)},
        {"message", MEMBER_TEXT, offsetof(hm_bundle_content, message)},
        {"module", MEMBER_TEXT, offsetof(hm_bundle_content, module)},
        {"function", MEMBER_TEXT, offsetof(hm_bundle_content, function)},
        {"file", MEMBER_TEXT, offsetof(hm_bundle_content, file)},
        {"line", MEMBER_NUMBER, offsetof(hm_bundle_content, line)},
        {"processor", MEMBER_TEXT, offsetof(hm_bundle_content, processor)},
        {"modules", MEMBER_TEXTS, offsetof(hm_bundle_content, modules)},
        {"arguments", MEMBER_TEXTS, offsetof(hm_bundle_content, arguments)},
        {"config", MEMBER_CONFIG, offsetof(hm_bundle_content, config)},
        {"wanted", MEMBER_TEXTS, offsetof(hm_bundle_content, wanted)},
        {"keep_going", MEMBER_FLAG, offsetof(hm_bundle_content, keeps_going)},
        {"rows_may_fail", MEMBER_FLAG, offsetof(hm_bundle_content, rows_may_fail)},
        {"inputs", MEMBER_VALUES, offsetof(hm_bundle_content, inputs)},
        {"outputs", MEMBER_VALUES, offsetof(hm_bundle_content, outputs)},
        {"versions", MEMBER_VERSIONS, offsetof(hm_bundle_content, versions)},
        {NULL, MEMBER_TEXT, 0},
};

static const hm_member value_members[] = {
        {"name", MEMBER_TEXT, offsetof(hm_bundle_value, name)},
        {"type", MEMBER_TEXT, offsetof(hm_bundle_value, type)},
        {"depth", MEMBER_NUMBER, offsetof(hm_bundle_value, depth)},
        {"by_reference", MEMBER_FLAG, offsetof(hm_bundle_value, by_reference)},
        {"is_override", MEMBER_FLAG, offsetof(hm_bundle_value, is_override)},
        {"file", MEMBER_TEXT, offsetof(hm_bundle_value, file)},
        {"why", MEMBER_TEXT, offsetof(hm_bundle_value, why)},
        {"shown", MEMBER_TEXT, offsetof(hm_bundle_value, shown)},
        {NULL, MEMBER_TEXT, 0},
};

bool hm_bundle_add_text(hm_arena *arena, hm_bundle_texts *texts, const char *text) {
    const char **items =
            hm_arena_grow(arena, texts->items, texts->count, sizeof *items);
    if (items == NULL || text == NULL) {
        return false;
    }
    items[texts->count++] = text;
    texts->items = items;
    return true;
}

bool hm_bundle_add_value(
        hm_arena *arena, hm_bundle_values *values, const hm_bundle_value *value) {
    hm_bundle_value *items =
            hm_arena_grow(arena, values->items, values->count, sizeof *items);
    if (items == NULL) {
        return false;
    }
    items[values->count++] = *value;
    values->items = items;
    return true;
}

bool hm_bundle_add_version(
        hm_arena *arena, hm_bundle_versions *versions, hm_bundle_version version) {
    hm_bundle_version *items =
            hm_arena_grow(arena, versions->items, versions->count, sizeof *items);
    if (items == NULL || version.node == NULL) {
        return false;
    }
    items[versions->count++] = version;
    versions->items = items;
    return true;
}

bool hm_bundle_add_config(
        hm_arena *arena, hm_bundle_config *config, const char *name, const char *json) {
    hm_binding *items =
            hm_arena_grow(arena, config->items, config->count, sizeof *items);
    if (items == NULL || name == NULL || json == NULL) {
        return false;
    }
    items[config->count++] = (hm_binding){name, hm_value_json(json)};
    config->items = items;
    return true;
}

static void put_members(
        hm_sink *sink, const hm_member *members, const void *object, const char *line);

static void put_texts(hm_sink *sink, const hm_bundle_texts *texts) {
    hm_sink_text(sink, "[");
    for (size_t i = 0; i < texts->count; i++) {
        hm_sink_text(sink, i > 0 ? ", " : "");
        hm_json_put_string(sink, texts->items[i]);
    }
    hm_sink_text(sink, "]");
}

static void put_values(hm_sink *sink, const hm_bundle_values *values) {
    hm_sink_text(sink, "[");
    for (size_t i = 0; i < values->count; i++) {
        hm_sink_text(sink, i > 0 ? ",\n  " : "\n  ");
        put_members(sink, value_members, &values->items[i], "\n   ");
    }
    hm_sink_text(sink, "]");
}

static void put_config(hm_sink *sink, const hm_bundle_config *config) {
    hm_sink_text(sink, "{");
    for (size_t i = 0; i < config->count; i++) {
        hm_sink_text(sink, i > 0 ? ", " : "");
        hm_json_put_string(sink, config->items[i].name);
        hm_sink_text(sink, ": ");
        hm_json_put_value(sink, &config->items[i].value);
    }
    hm_sink_text(sink, "}");
}

static void put_versions(hm_sink *sink, const hm_bundle_versions *versions) {
    hm_sink_text(sink, "{");
    for (size_t i = 0; i < versions->count; i++) {
        hm_sink_text(sink, i > 0 ? ",\n  " : "\n  ");
        hm_json_put_string(sink, versions->items[i].node);
        hm_sink_text(sink, ": ");
        hm_json_put_string(sink, versions->items[i].version);
    }
    hm_sink_text(sink, "}");
}

static void put_member(hm_sink *sink, const hm_member *member, const void *field) {
    const char *text;
    switch (member->kind) {
    case MEMBER_TEXT:
        memcpy(&text, field, sizeof text);
        hm_json_put_string(sink, text);
        break;
    case MEMBER_NUMBER:
        hm_sink_count(sink, "", *(const uint32_t *)field);
        break;
    case MEMBER_FLAG:
        hm_sink_text(sink, *(const bool *)field ? "true" : "false");
        break;
    case MEMBER_TEXTS:
        put_texts(sink, field);
        break;
    case MEMBER_VALUES:
        put_values(sink, field);
        break;
    case MEMBER_CONFIG:
        put_config(sink, field);
        break;
    case MEMBER_VERSIONS:
        put_versions(sink, field);
        break;
    }
}

static void put_members(
        hm_sink *sink, const hm_member *members, const void *object, const char *line) {
    hm_sink_text(sink, "{");
    for (const hm_member *member = members; member->name != NULL; member++) {
        hm_sink_text(sink, member > members ? "," : "");
        hm_sink_text(sink, member > members ? line : "");
        hm_json_put_string(sink, member->name);
        hm_sink_text(sink, ": ");
        put_member(sink, member, (const char *)object + member->offset);
    }
    hm_sink_text(sink, "}");
}

hm_status hm_bundle_content_write(
        const hm_bundle_content *content, hm_write *write, void *to) {
    hm_sink sink;
    hm_sink_init(&sink, write, to);
    put_members(&sink, content_members, content, "\n ");
    hm_sink_text(&sink, "\n");
    return hm_sink_flush(&sink);
}

typedef struct hm_content_reader {
    hm_json_scan scan;
    hm_arena *arena;
    bool lacks_memory;
} hm_content_reader;

// False if memory ran out, too.
static bool has_memory(hm_content_reader *reader, bool is_there) {
    reader->lacks_memory |= !is_there;
    return is_there;
}

static bool read_members(
        hm_content_reader *reader, const hm_member *members, void *object);

static bool read_text(hm_content_reader *reader, const char **text) {
    hm_json_slice slice;
    *text = NULL;
    if (hm_json_peek(&reader->scan) == HM_JSON_NULL) {
        return hm_json_literal(&reader->scan);
    }
    if (hm_json_peek(&reader->scan) != HM_JSON_STRING) {
        return hm_json_expected(&reader->scan, "a string or null");
    }
    if (!hm_json_string(&reader->scan, &slice)) {
        return false;
    }
    *text = hm_json_unescape(slice, reader->arena);
    return has_memory(reader, *text != NULL);
}

static bool read_number(hm_content_reader *reader, uint32_t *number) {
    hm_json_slice slice;
    if (hm_json_peek(&reader->scan) != HM_JSON_NUMBER) {
        return hm_json_expected(&reader->scan, "a number");
    }
    if (!hm_json_number(&reader->scan, &slice)) {
        return false;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < slice.length; i++) {
        unsigned digit = (unsigned)slice.text[i] - '0';
        value = value * 10 + digit;
        if (digit > 9 || value > UINT32_MAX) {
            return hm_json_fail(&reader->scan, "expected a whole number");
        }
    }
    *number = (uint32_t)value;
    return true;
}

static bool read_flag(hm_content_reader *reader, bool *flag) {
    hm_json_kind kind = hm_json_peek(&reader->scan);
    if (kind != HM_JSON_TRUE && kind != HM_JSON_FALSE) {
        return hm_json_expected(&reader->scan, "true or false");
    }
    *flag = kind == HM_JSON_TRUE;
    return hm_json_literal(&reader->scan);
}

static bool open_array(hm_content_reader *reader) {
    if (hm_json_peek(&reader->scan) != HM_JSON_ARRAY) {
        return hm_json_expected(&reader->scan, "an array");
    }
    hm_json_open(&reader->scan);
    return true;
}

static bool open_object(hm_content_reader *reader) {
    if (hm_json_peek(&reader->scan) != HM_JSON_OBJECT) {
        return hm_json_expected(&reader->scan, "an object");
    }
    hm_json_open(&reader->scan);
    return true;
}

static bool read_texts(hm_content_reader *reader, hm_bundle_texts *texts) {
    bool is_first = true;
    bool is_read = open_array(reader);
    while (is_read && hm_json_next(&reader->scan, ']', &is_first)) {
        const char *text;
        is_read = read_text(reader, &text);
        if (is_read && text == NULL) {
            return hm_json_fail(&reader->scan, "expected a string, but found null");
        }
        is_read = is_read &&
                  has_memory(reader, hm_bundle_add_text(reader->arena, texts, text));
    }
    return is_read && !reader->scan.failed;
}

static bool read_values(hm_content_reader *reader, hm_bundle_values *values) {
    bool is_first = true;
    bool is_read = open_array(reader);
    while (is_read && hm_json_next(&reader->scan, ']', &is_first)) {
        hm_bundle_value value = {0};
        is_read = read_members(reader, value_members, &value);
        if (is_read && (value.name == NULL || value.type == NULL)) {
            return hm_json_fail(&reader->scan, "a value has no name or no type");
        }
        is_read = is_read && has_memory(reader, hm_bundle_add_value(
                                                        reader->arena, values, &value));
    }
    return is_read && !reader->scan.failed;
}

static bool read_name(hm_content_reader *reader, const char **name) {
    hm_json_slice slice;
    if (!hm_json_name(&reader->scan, &slice)) {
        return false;
    }
    *name = hm_json_unescape(slice, reader->arena);
    return has_memory(reader, *name != NULL);
}

static bool read_config(hm_content_reader *reader, hm_bundle_config *config) {
    bool is_first = true;
    bool is_read = open_object(reader);
    while (is_read && hm_json_next(&reader->scan, '}', &is_first)) {
        const char *name;
        hm_json_slice json;
        is_read =
                read_name(reader, &name) && hm_json_skip(&reader->scan, &json) &&
                has_memory(reader,
                        hm_bundle_add_config(reader->arena, config, name,
                                hm_arena_slice(reader->arena, json.text, json.length)));
    }
    return is_read && !reader->scan.failed;
}

static bool read_versions(hm_content_reader *reader, hm_bundle_versions *versions) {
    bool is_first = true;
    bool is_read = open_object(reader);
    while (is_read && hm_json_next(&reader->scan, '}', &is_first)) {
        hm_bundle_version version;
        is_read = read_name(reader, &version.node) &&
                  read_text(reader, &version.version) &&
                  has_memory(reader,
                          hm_bundle_add_version(reader->arena, versions, version));
    }
    return is_read && !reader->scan.failed;
}

static bool read_member(
        hm_content_reader *reader, const hm_member *member, void *field) {
    const char *text;
    switch (member->kind) {
    case MEMBER_TEXT:
        if (!read_text(reader, &text)) {
            return false;
        }
        memcpy(field, &text, sizeof text);
        return true;
    case MEMBER_NUMBER:
        return read_number(reader, field);
    case MEMBER_FLAG:
        return read_flag(reader, field);
    case MEMBER_TEXTS:
        return read_texts(reader, field);
    case MEMBER_VALUES:
        return read_values(reader, field);
    case MEMBER_CONFIG:
        return read_config(reader, field);
    case MEMBER_VERSIONS:
        return read_versions(reader, field);
    }
    return false;
}

static const hm_member *find_member(const hm_member *members, const char *name) {
    while (members->name != NULL && strcmp(members->name, name) != 0) {
        members++;
    }
    return members->name != NULL ? members : NULL;
}

// Members that nobody knows are of a later hamilton, and are passed over.
static bool read_members(
        hm_content_reader *reader, const hm_member *members, void *object) {
    bool is_first = true;
    bool is_read = open_object(reader);
    while (is_read && hm_json_next(&reader->scan, '}', &is_first)) {
        const char *name;
        if (!read_name(reader, &name)) {
            return false;
        }
        const hm_member *member = find_member(members, name);
        is_read = member != NULL
                          ? read_member(reader, member, (char *)object + member->offset)
                          : hm_json_skip(&reader->scan, NULL);
    }
    return is_read && !reader->scan.failed;
}

hm_status hm_bundle_content_read(const char *text, size_t length, hm_arena *arena,
        hm_bundle_content *content, hm_error *error) {
    hm_content_reader reader = {.arena = arena};
    hm_json_scan_init(&reader.scan, text, length, error);
    bool is_read = read_members(&reader, content_members, content) &&
                   hm_json_finish(&reader.scan);
    if (reader.lacks_memory) {
        return hm_error_no_memory(error);
    }
    return is_read ? HM_OK : HM_BAD_DATA;
}
