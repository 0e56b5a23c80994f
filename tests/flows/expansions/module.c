// T ** with one size_t * is an array whose length the function decides.

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

int numbers(int limit, int **out, size_t *count) {
    *count = limit > 0 ? (size_t)limit : 0;
    *out = malloc((*count + 1) * sizeof **out);
    if (*out == NULL) {
        return 1;
    }
    for (size_t i = 0; i < *count; i++) {
        (*out)[i] = (int)i + 1;
    }
    return 0;
}

/** Runs once an element. */
int square(int numbers) {
    return numbers * numbers;
}

/** Takes all elements together again. */
long sum_of_squares(size_t n, const int square[n]) {
    long sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += square[i];
    }
    return sum;
}

/** Several expansions with one count share a dimension. */
int divisors(int product, int **divisor, int **quotient, size_t *count) {
    *count = 0;
    *divisor = calloc((size_t)product, sizeof **divisor);
    *quotient = calloc((size_t)product, sizeof **quotient);
    if (*divisor == NULL || *quotient == NULL) {
        return 1;
    }
    for (int i = 1; i <= product; i++) {
        if (product % i == 0) {
            (*divisor)[*count] = i;
            (*quotient)[(*count)++] = product / i;
        }
    }
    return 0;
}

int difference(int divisor, int quotient) {
    return divisor - quotient;
}

/** An expansion of strings: both the array and the strings are given. */
int words(const char *text, char ***out, size_t *count) {
    *count = 0;
    *out = calloc(strlen(text) + 1, sizeof **out);
    if (*out == NULL) {
        return 1;
    }
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        char *word = malloc(length + 1);
        if (word == NULL) {
            return 1;
        }
        memcpy(word, text, length);
        word[length] = '\0';
        (*out)[(*count)++] = word;
        text += length + (text[length] == ' ');
    }
    return 0;
}

size_t word_length(const char *words) {
    return strlen(words);
}
