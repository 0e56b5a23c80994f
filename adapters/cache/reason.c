// reason.c — see reason.h.

#include "adapters/cache/reason.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "adapters/cache/waiting.h"
#include "base/error.h"
#include "base/text.h"

void hm_cache_name_note(const hm_planned_node *node, char name[HM_CACHE_NOTE_NAME]) {
    snprintf(name, HM_CACHE_NOTE_NAME, "%s.%s", node->module->name, node->name);
}

static void describe_argument(const hm_cache_run *run, const hm_planned_node *node,
        uint32_t p, char digits[HM_HASH_DIGITS + 1]) {
    const hm_cache_plan *plan = run->plan;
    uint32_t source = plan->arguments[plan->nodes[node->number].first_argument + p];
    hm_hash content;
    if (plan->sources[source].is_ignored) {
        strcpy(digits, "ignored");
    } else if (hm_cache_content_get(run, source, &content)) {
        hm_hash_write(&content, digits);
    } else {
        strcpy(digits, "unknown");
    }
}

// A line of hm_function.uses.
typedef struct hm_used {
    char digits[HM_HASH_DIGITS + 1];
    const char *name;
    int name_length;
    const char *place;
    int place_length;
} hm_used;

// False after the last, or where a line is none.
static bool next_used(const char **at, hm_used *used) {
    const char *end = *at != NULL ? strchr(*at, '\n') : NULL;
    const char *name = end != NULL ? memchr(*at, ' ', (size_t)(end - *at)) : NULL;
    const char *place =
            name != NULL ? memchr(name + 1, ' ', (size_t)(end - name - 1)) : NULL;
    if (place == NULL || name - *at > HM_HASH_DIGITS) {
        return false;
    }
    memcpy(used->digits, *at, (size_t)(name - *at));
    used->digits[name - *at] = '\0';
    used->name = name + 1;
    used->name_length = (int)(place - name - 1);
    used->place = place + 1;
    used->place_length = (int)(end - place - 1);
    *at = end + 1;
    return true;
}

static void write_note(
        hm_text *text, const hm_cache_run *run, const hm_planned_node *node) {
    const hm_function *function = node->function;
    const hm_cache_plan *plan = run->plan;
    char digits[HM_HASH_DIGITS + 1];
    hm_text_format(text, "code %s %s %s:%" PRIu32 "\n", function->version,
            function->name, function->file, function->line);
    hm_used used;
    for (const char *at = function->uses; next_used(&at, &used);) {
        hm_text_format(text, "use %s %.*s\n", used.digits, used.name_length, used.name);
    }
    for (uint32_t o = 0; o < function->output_count; o++) {
        hm_hash content;
        uint32_t source = plan->nodes[node->number].first_output + o;
        if (hm_cache_content_get(run, source, &content)) {
            hm_hash_write(&content, digits);
            hm_text_format(text, "is %s %s\n", digits, function->outputs[o].name);
        }
    }
    for (uint32_t p = 0; p < function->parameter_count; p++) {
        describe_argument(run, node, p, digits);
        hm_text_format(text, "argument %s %s\n", digits, function->parameters[p].name);
    }
}

void hm_cache_note(
        hm_cache *cache, const hm_cache_run *run, const hm_planned_node *node) {
    hm_text text;
    hm_text_init(&text, cache->allocator);
    write_note(&text, run, node);
    hm_error error;
    hm_status status = hm_error_no_memory(&error);
    if (!text.failed) {
        char name[HM_CACHE_NOTE_NAME];
        hm_cache_name_note(node, name);
        const char *bytes = hm_text_get(&text);
        status = cache->store->kind->note(
                cache->store, name, bytes, strlen(bytes), &error);
    }
    if (status != HM_OK) {
        hm_cache_note_trouble(cache, status, &error);
    }
    hm_text_finish(&text);
}

// The words of the line that begins with `kind` and ends with `name`, or only with kind
// if name is NULL.
static bool find_line(const char *text, size_t length, const char *kind,
        const char *name, char word[HM_HASH_DIGITS + 1]) {
    for (const char *line = text; line < text + length;) {
        const char *end = memchr(line, '\n', (size_t)(text + length - line));
        if (end == NULL) {
            return false;
        }
        size_t kind_length = strlen(kind);
        size_t line_length = (size_t)(end - line);
        const char *space = line_length > kind_length + 1
                                    ? memchr(line + kind_length + 1, ' ',
                                              line_length - kind_length - 1)
                                    : NULL;
        bool fits =
                space != NULL && memcmp(line, kind, kind_length) == 0 &&
                line[kind_length] == ' ' &&
                (name == NULL || (strlen(name) == (size_t)(end - space - 1) &&
                                         memcmp(name, space + 1, strlen(name)) == 0));
        size_t word_length = fits ? (size_t)(space - line) - kind_length - 1 : 0;
        if (fits && word_length <= HM_HASH_DIGITS) {
            memcpy(word, line + kind_length + 1, word_length);
            word[word_length] = '\0';
            return true;
        }
        line = end + 1;
    }
    return false;
}

// Whether a note has exactly this line: there may be several of one name.
static bool has_line(const char *text, size_t length, const char *line) {
    size_t line_length = strlen(line);
    for (const char *at = text; at < text + length;) {
        const char *end = memchr(at, '\n', (size_t)(text + length - at));
        size_t own = end != NULL ? (size_t)(end - at) : (size_t)(text + length - at);
        if (own == line_length && memcmp(at, line, own) == 0) {
            return true;
        }
        at += own + 1;
    }
    return false;
}

// Which part of the code has changed, if the note tells of parts.
static void tell_code(const hm_function *function, const char *text, size_t length,
        char reason[HM_CACHE_REASON_SIZE]) {
    hm_used used;
    bool is_first = true;
    for (const char *at = function->uses; next_used(&at, &used); is_first = false) {
        char name[128];
        char line[192];
        char before[HM_HASH_DIGITS + 1];
        snprintf(name, sizeof name, "%.*s", used.name_length, used.name);
        snprintf(line, sizeof line, "use %s %s", used.digits, name);
        bool was_there = find_line(text, length, "use", name, before);
        if (is_first && !was_there) {
            break; // of another time
        }
        if (has_line(text, length, line)) {
            continue;
        }
        if (is_first) {
            snprintf(reason, HM_CACHE_REASON_SIZE,
                    "the code of `%s` (%s:%" PRIu32 ") has changed", function->name,
                    function->file, function->line);
        } else if (strcmp(name, "-") == 0) {
            snprintf(reason, HM_CACHE_REASON_SIZE,
                    "flags of the compiler, or objects, have changed");
        } else {
            snprintf(reason, HM_CACHE_REASON_SIZE,
                    "`%.60s` (%.*s), which `%.60s` uses, %s", name, used.place_length,
                    used.place, function->name, was_there ? "has changed" : "is new");
        }
        return;
    }
    snprintf(reason, HM_CACHE_REASON_SIZE,
            "the code of `%s` (%s:%" PRIu32 "), or something it uses, has changed",
            function->name, function->file, function->line);
}

static void compare(const hm_cache_run *run, const hm_planned_node *node,
        const char *text, size_t length, char reason[HM_CACHE_REASON_SIZE]) {
    const hm_function *function = node->function;
    char before[HM_HASH_DIGITS + 1];
    if (!find_line(text, length, "code", NULL, before) ||
            strcmp(before, function->version) != 0) {
        tell_code(function, text, length, reason);
        return;
    }
    for (uint32_t p = 0; p < function->parameter_count; p++) {
        char now[HM_HASH_DIGITS + 1];
        const char *name = function->parameters[p].name;
        describe_argument(run, node, p, now);
        if (!find_line(text, length, "argument", name, before) ||
                strcmp(before, now) != 0) {
            snprintf(reason, HM_CACHE_REASON_SIZE, "`%s` has changed", name);
            return;
        }
    }
    snprintf(reason, HM_CACHE_REASON_SIZE, "what was kept of it is gone");
}

void hm_cache_reason(hm_cache *cache, hm_cache_run *run, const hm_planned_node *node,
        char reason[HM_CACHE_REASON_SIZE]) {
    if (run->plan->nodes[node->number].behaviour == HM_CACHE_RECOMPUTE) {
        snprintf(reason, HM_CACHE_REASON_SIZE, "it is to be computed each time");
        return;
    }
    char name[HM_CACHE_NOTE_NAME];
    hm_cache_name_note(node, name);
    hm_cached *note = NULL;
    hm_error error;
    hm_status status = HM_OK;
    bool is_known = true;
    if (cache->bytes != NULL) {
        is_known = hm_waiting_noted(cache, run, node, &note);
    } else {
        status = cache->store->kind->noted(cache->store, name, &note, &error);
    }
    if (!is_known) {
        reason[0] = '\0';
    } else if (status != HM_OK) {
        hm_cache_note_trouble(cache, status, &error);
        reason[0] = '\0';
    } else if (note == NULL) {
        snprintf(reason, HM_CACHE_REASON_SIZE, "it was not computed before");
    } else {
        compare(run, node, (const char *)note->bytes, note->length, reason);
    }
    hm_cached_leave(note);
}
