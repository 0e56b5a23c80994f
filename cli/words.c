// words.c — see words.h.

#include "cli/words.h"

#include <stdbool.h>
#include <string.h>

#include "base/error.h"

hm_status hm_words_add(hm_session *session, hm_words *words, const char *word) {
    if (word == NULL) {
        return hm_session_no_memory(session);
    }
    if (words->count + 1 >= words->capacity) {
        size_t capacity = words->capacity == 0 ? 16 : words->capacity * 2;
        const char **items = hm_arena_array(&session->arena, capacity, sizeof *items);
        if (items == NULL) {
            return hm_session_no_memory(session);
        }
        if (words->count > 0) {
            memcpy(items, words->items, words->count * sizeof *items);
        }
        words->items = items;
        words->capacity = capacity;
    }
    words->items[words->count++] = word;
    words->items[words->count] = NULL;
    return HM_OK;
}

static bool is_blank(char character) {
    return character == ' ' || character == '\t' || character == '\n';
}

hm_status hm_words_split(
        hm_session *session, hm_words *words, const char *text, const char *what) {
    char *word = hm_arena_text(&session->arena, text);
    if (word == NULL) {
        return hm_session_no_memory(session);
    }
    for (const char *at = text;;) {
        at += strspn(at, " \t\n");
        if (*at == '\0') {
            return HM_OK;
        }
        char *end = word;
        char quote = '\0';
        for (; *at != '\0' && (quote != '\0' || !is_blank(*at)); at++) {
            if (*at == quote) {
                quote = '\0';
            } else if (quote == '\0' && (*at == '\'' || *at == '"')) {
                quote = *at;
            } else if (*at == '\\' && quote != '\'' && at[1] != '\0') {
                *end++ = *++at;
            } else {
                *end++ = *at;
            }
        }
        if (quote != '\0') {
            return hm_session_fail(session, HM_BAD_ARGUMENT, NULL,
                    "%s: a %c has no end in `%s`", what, quote, text);
        }
        *end = '\0';
        HM_TRY(hm_words_add(session, words, word));
        word = end + 1;
    }
}
