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

static void write_note(
        hm_text *text, const hm_cache_run *run, const hm_planned_node *node) {
    const hm_function *function = node->function;
    const hm_cache_plan *plan = run->plan;
    char digits[HM_HASH_DIGITS + 1];
    hm_text_format(text, "code %s %s %s:%" PRIu32 "\n", function->version,
            function->name, function->file, function->line);
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

static void compare(const hm_cache_run *run, const hm_planned_node *node,
        const char *text, size_t length, char reason[HM_CACHE_REASON_SIZE]) {
    const hm_function *function = node->function;
    char before[HM_HASH_DIGITS + 1];
    if (!find_line(text, length, "code", NULL, before) ||
            strcmp(before, function->version) != 0) {
        snprintf(reason, HM_CACHE_REASON_SIZE,
                "the code of `%s` (%s:%" PRIu32 "), or something it uses, has changed",
                function->name, function->file, function->line);
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
        is_known = hm_waiting_noted(run, node, &note);
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
