// caching.c — see caching.h.

#include "base/caching.h"

#include <stddef.h>
#include <string.h>

bool hm_caching_is_behaviour(const char *word) {
    static const char *const words[] = {"default", "recompute", "disable", "ignore"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(word, words[i]) == 0) {
            return true;
        }
    }
    return false;
}
