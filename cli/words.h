// words.h — splits a text into words as a shell would, without being one: blanks
// separate, quotes and backslashes keep together.

#ifndef HM_CLI_WORDS_H
#define HM_CLI_WORDS_H

#include "cli/session.h"

// A growing list of words. Zeroed at first; its memory is the session's.
typedef struct hm_words {
    const char **items; // items[count] is NULL
    size_t count;
    size_t capacity;
} hm_words;

// Adds one word. NULL, as hm_session_text gives it, is memory that ran out.
hm_status hm_words_add(hm_session *session, hm_words *words, const char *word);

// Adds the words of a text. A quote without its end is a fault; `what` names the text.
hm_status hm_words_split(
        hm_session *session, hm_words *words, const char *text, const char *what);

#endif
