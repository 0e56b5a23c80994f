// Strings leave a function borrowed (const char *) or given to the engine (char *).

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static char *uppercase(const char *text) {
    char *copy = malloc(strlen(text) + 1);
    if (copy == NULL) {
        return NULL;
    }
    for (size_t i = 0; i <= strlen(text); i++) {
        copy[i] = (char)toupper((unsigned char)text[i]);
    }
    return copy;
}

/** Returned and given. */
char *shout(const char *word) {
    return uppercase(word);
}

/** Borrowed from a result that is freed otherwise: it must live on. */
const char *shout_tail(const char *shout) {
    return shout[0] == '\0' ? shout : shout + 1;
}

/** One borrowed string and one given string. */
void two_ways(const char *word, const char **borrowed, char **given) {
    *borrowed = word;
    *given = uppercase(word);
}

/** An array of borrowed strings. */
void reversed(size_t n, const char *const words[n], const char *out[n]) {
    for (size_t i = 0; i < n; i++) {
        out[i] = words[n - 1 - i];
    }
}

/** An array of given strings. */
void shouts(size_t n, const char *const reversed[n], char *out[n]) {
    for (size_t i = 0; i < n; i++) {
        out[i] = uppercase(reversed[i]);
    }
}
