// processor.c — asks the compiler's runtime, which asked cpuid.

#include "engine/processor.h"

#include <stdio.h>
#include <string.h>

#if defined(__x86_64__) || defined(__i386__)

static bool is(const char *feature, size_t length, const char *name) {
    return strlen(name) == length && memcmp(feature, name, length) == 0;
}

#define FEATURE_LIST(X)                                                                \
    X("sse3")                                                                          \
    X("ssse3")                                                                         \
    X("sse4.1")                                                                        \
    X("sse4.2")                                                                        \
    X("popcnt")                                                                        \
    X("avx")                                                                           \
    X("avx2")                                                                          \
    X("fma")                                                                           \
    X("bmi")                                                                           \
    X("bmi2")                                                                          \
    X("avx512f")                                                                       \
    X("avx512bw")                                                                      \
    X("avx512dq")                                                                      \
    X("avx512vl")                                                                      \
    X("avx512cd")                                                                      \
    X("sse4a")                                                                         \
    X("xop")                                                                           \
    X("fma4")

// __builtin_cpu_supports wants a literal.
static bool is_missing(const char *feature, size_t length) {
#define X(name)                                                                        \
    if (is(feature, length, name)) {                                                   \
        return !__builtin_cpu_supports(name);                                          \
    }
    FEATURE_LIST(X)
#undef X
    return false;
}

#else

// Elsewhere modules record nothing.
static bool is_missing(const char *feature, size_t length) {
    (void)feature;
    (void)length;
    return false;
}

#endif

bool hm_processor_has(const char *features, char *missing, size_t size) {
    while (*features != '\0') {
        size_t length = strcspn(features, " ");
        if (is_missing(features, length)) {
            snprintf(missing, size, "%.*s", (int)length, features);
            return false;
        }
        features += length;
        features += strspn(features, " ");
    }
    return true;
}
