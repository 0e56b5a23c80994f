// const char * is a string: an input, and a borrowed output.

#include <stddef.h>
#include <string.h>

size_t bytes(const char *text) {
    return strlen(text);
}

const char *greeting(const char *name) {
    return strcmp(name, "") == 0 ? "nobody there" : name;
}

const char *tail(const char *text) {
    return *text == '\0' ? text : text + 1;
}

const char *longest(size_t n, const char *const words[n]) {
    const char *longest = "";
    for (size_t i = 0; i < n; i++) {
        longest = strlen(words[i]) > strlen(longest) ? words[i] : longest;
    }
    return longest;
}
