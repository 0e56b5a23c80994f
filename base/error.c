// error.c — texts of statuses, and how a message is written.

#include "base/error.h"

#include <stdio.h>
#include <string.h>

const char *hm_status_text(hm_status status) {
    static const char *const texts[] = {
#define X(name, text) text,
            HM_STATUS_LIST(X)
#undef X
    };
    if ((size_t)status >= sizeof texts / sizeof *texts) {
        return "unknown status";
    }
    return texts[status];
}

// A sentence that was cut ends in "...", at the start of a UTF-8 character.
static void mark_cut(char *message, size_t size) {
    size_t at = size - sizeof "...";
    while (at > 0 && ((unsigned char)message[at] & 0xC0) == 0x80) {
        at--;
    }
    memcpy(message + at, "...", sizeof "...");
}

hm_status hm_error_set(hm_error *error, hm_status status, const char *format, ...) {
    if (error == NULL) {
        return status;
    }
    error->status = status;
    error->fault_count = 1;
    if (format == NULL) {
        snprintf(error->message, sizeof error->message, "%s", hm_status_text(status));
        return status;
    }
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof error->message) {
        mark_cut(error->message, sizeof error->message);
    }
    return status;
}

hm_status hm_error_no_memory(hm_error *error) {
    return hm_error_set(error, HM_NO_MEMORY, NULL);
}
