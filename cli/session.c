// session.c — see session.h.

#include "cli/session.h"

#include <stdarg.h>
#include <stdio.h>

hm_status hm_session_fail(hm_session *session, hm_status status, const char *mend,
        const char *format, ...) {
    char message[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    hm_faults_add(&session->faults,
            &(hm_diagnostic){.status = status, .message = message, .mend = mend});
    return status;
}

hm_status hm_session_no_memory(hm_session *session) {
    hm_faults_add(&session->faults, &(hm_diagnostic){.status = HM_NO_MEMORY});
    return HM_NO_MEMORY;
}

char *hm_session_text(hm_session *session, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text =
            length < 0 ? NULL : hm_arena_take(&session->arena, (size_t)length + 1, 1);
    if (text != NULL) {
        va_start(arguments, format);
        vsnprintf(text, (size_t)length + 1, format, arguments);
        va_end(arguments);
    }
    return text;
}
