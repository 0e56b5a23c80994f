// tagging.c — see tagging.h.

#include "base/tagging.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/literal.h"
#include "base/names.h"

enum { LONGEST_NAME = 256 };

typedef struct hm_tagging_search {
    const char *wanted;
    bool is_found;
    size_t distance; // the nearest must be nearer than this
    char nearest[LONGEST_NAME];
} hm_tagging_search;

static void compare(
        void *context, const char *name, size_t length, const hm_modifier *by) {
    (void)by;
    hm_tagging_search *search = context;
    char text[LONGEST_NAME];
    snprintf(text, sizeof text, "%.*s", (int)length, name);
    size_t distance = hm_names_distance(search->wanted, text, search->distance);
    if (strlen(search->wanted) == length && memcmp(search->wanted, name, length) == 0) {
        search->is_found = true;
    } else if (distance < search->distance) {
        search->distance = distance;
        memcpy(search->nearest, text, sizeof text);
    }
}

// Names with a dot are of nodes before and behind the function.
static bool is_unknown(const hm_making *making, hm_tagging_search *search) {
    hm_made_each(making, compare, search);
    return !search->is_found && strchr(search->wanted, '.') == NULL &&
           !hm_made_may_be_more(making);
}

static bool says_same(const hm_modifier *earlier, const hm_modifier *modifier) {
    return strcmp(earlier->name, modifier->name) == 0 && earlier->argument_count > 1 &&
           hm_argument_is_word(&earlier->arguments[0]) &&
           hm_argument_is_word(&earlier->arguments[1]) &&
           strcmp(earlier->arguments[0].text, modifier->arguments[0].text) == 0 &&
           strcmp(earlier->arguments[1].text, modifier->arguments[1].text) == 0;
}

void hm_tagging_check(
        const hm_making *making, size_t index, hm_refuse *refuse, void *context) {
    const hm_modifier *modifier = &making->modifiers[index];
    const char *output = modifier->arguments[0].text;
    const char *key = modifier->arguments[1].text;
    char message[2 * LONGEST_NAME];
    char mend[LONGEST_NAME + 32] = "name a node that the function makes";
    hm_tagging_search search = {
            .wanted = output, .distance = hm_names_tolerance(output) + 1};
    if (is_unknown(making, &search)) {
        if (search.nearest[0] != '\0') {
            snprintf(mend, sizeof mend, "did you mean `%s`?", search.nearest);
        }
        snprintf(message, sizeof message,
                "HM_TAG_OUTPUT of `%s`: it makes no node `%s`", making->function,
                output);
        refuse(context, mend, message);
    }
    if (strcmp(key, "limit") == 0) {
        snprintf(message, sizeof message,
                "HM_TAG_OUTPUT of `%s`: a limit is of all that a function makes",
                making->function);
        refuse(context, "write HM_TAG(limit, name)", message);
    }
    for (size_t i = 0; i < index; i++) {
        if (says_same(&making->modifiers[i], modifier)) {
            snprintf(message, sizeof message,
                    "HM_TAG_OUTPUT of `%s`: two tags of `%s` are called `%s`",
                    making->function, output, key);
            refuse(context, "give one of them all values", message);
            return;
        }
    }
}
