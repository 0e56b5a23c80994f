// Functions that make null pointers: expansions that count elements, strings that are
// missing, and who reads them.
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/** Says that there are three numbers where it has none. */
int broken(int x, int **broken, size_t *count) {
    *count = x > 1 ? 3 : 1;
    *broken = x > 1 ? NULL : calloc(1, sizeof(int));
    return 0;
}

/** Nothing counts nothing: that is an empty array. */
int nothing(int x, int **nothing, size_t *count) {
    (void)x;
    *nothing = NULL;
    *count = 0;
    return 0;
}

/** How many there are. */
size_t broken_count(size_t n, const int broken[n]) {
    (void)broken;
    return n;
}

/** Not everybody has one. */
const char *nickname(int x) {
    return x % 2 == 0 ? "Al" : NULL;
}

/** A name of its own, or none. */
char *own_name(int x) {
    return x % 2 == 0 ? strdup("Bo") : NULL;
}

size_t nickname_length(const char *nickname) {
    return strlen(nickname);
}

double own_name_length(const char *own_name) {
    return (double)strlen(own_name);
}

int score(int y, const char *nickname) {
    return y + (int)strlen(nickname);
}

/** How many letters they have together. */
size_t letters(size_t n, const char *const nickname[n]) {
    size_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += strlen(nickname[i]);
    }
    return sum;
}

/** Some words are lost. */
int words(int x, char ***words, size_t *count) {
    *count = (size_t)x;
    *words = calloc((size_t)x, sizeof(char *));
    if (*words == NULL) {
        return -1;
    }
    for (int i = 0; i < x; i++) {
        (*words)[i] = i % 2 == 0 ? strdup("word") : NULL;
    }
    return 0;
}

size_t word_length(const char *words) {
    return strlen(words);
}
