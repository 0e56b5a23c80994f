// fail.c — hm_fail. The message waits in the thread that ran the node until the run
// that called it asks; the status that hm_fail returned tells that it is this node's.

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <hamilton/node.h>

#include "engine/failure.h"

enum { FAILED = 0x6861 };

static _Thread_local char message[1024];

int hm_fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return FAILED;
}

const char *hm_failure_said(int code) {
    return code == FAILED ? message : NULL;
}
