// refusal.c — see refusal.h.

#include "base/refusal.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

bool hm_refusal_tell(
        const hm_refusal *refusal, const char *mend, const char *format, ...) {
    char message[512];
    int begun = 0;
    if (refusal->macro != NULL) {
        begun = snprintf(message, sizeof message, "%s of `%s`: ", refusal->macro,
                refusal->function);
    }
    size_t start = (size_t)begun < sizeof message ? (size_t)begun : sizeof message - 1;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message + start, sizeof message - start, format, arguments);
    va_end(arguments);
    refusal->refuse(refusal->context, mend, message);
    return false;
}
