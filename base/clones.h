// clones.h — loops that are compiled for newer processors, too.

#ifndef HM_BASE_CLONES_H
#define HM_BASE_CLONES_H

// Before a static function, as others would be exported, hidden or not: it has the same
// bits on all of them, and the linker chooses. Not with sanitizers, which are not there
// yet when it does.
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) &&              \
        !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&                       \
        !defined(__SANITIZE_THREAD__)
#define HM_CLONED __attribute__((target_clones("avx2", "default")))
#else
#define HM_CLONED
#endif

#endif
