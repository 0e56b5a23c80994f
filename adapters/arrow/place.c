// place.c — see place.h.

#include "adapters/arrow/place.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

enum { PATH_SIZE = 128, SENTENCE_SIZE = 384, DEEPEST = 16 };

static void append(char path[PATH_SIZE], const char *piece) {
    size_t length = strlen(path);
    snprintf(path + length, PATH_SIZE - length, "%s", piece);
}

static void write_path(const hm_arrow_place *place, char path[PATH_SIZE]) {
    const hm_arrow_place *steps[DEEPEST];
    size_t count = 0;
    for (; place != NULL && count < DEEPEST; place = place->parent) {
        steps[count++] = place;
    }
    path[0] = '\0';
    while (count-- > 0) {
        const char *name = steps[count]->name;
        append(path, name == NULL ? "[]" : *path != '\0' ? "." : "");
        append(path, name != NULL ? name : "");
    }
}

hm_status hm_arrow_fail(hm_error *error, hm_status status, const hm_arrow_place *place,
        const char *format, ...) {
    char path[PATH_SIZE];
    char sentence[SENTENCE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    write_path(place, path);
    return place == NULL
                   ? hm_error_set(error, status, "the record batch: %s", sentence)
                   : hm_error_set(error, status, "column `%s`: %s", path, sentence);
}

hm_status hm_arrow_fail_at(hm_error *error, const hm_arrow_place *place, size_t index,
        const char *format, ...) {
    char path[PATH_SIZE];
    char sentence[SENTENCE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    write_path(place, path);
    bool is_list = strstr(path, "[]") != NULL;
    return hm_error_set(error, HM_BAD_DATA, "column `%s`, %s %zu: %s", path,
            is_list ? "element" : "row", index + 1, sentence);
}
