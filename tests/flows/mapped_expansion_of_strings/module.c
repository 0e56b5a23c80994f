// Strings and structs expand under mapping too, and what they borrow lives as long.

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

int letters(const char *word, char ***out, size_t *count) {
    *count = strlen(word);
    *out = calloc(*count + 1, sizeof **out);
    if (*out == NULL) {
        return 1;
    }
    for (size_t i = 0; i < *count; i++) {
        char *letter = calloc(2, 1);
        if (letter == NULL) {
            return 1;
        }
        letter[0] = word[i];
        (*out)[i] = letter;
    }
    return 0;
}

/** Borrowed from a given string. */
const char *same(const char *letters) {
    return letters;
}

struct position {
    const char *letter;
    int code;
};

struct position position(const char *same) {
    return (struct position){same, same[0]};
}

/** Borrowed from the array of all. */
const char *last(size_t n, const char *const same[n]) {
    return n == 0 ? "" : same[n - 1];
}
