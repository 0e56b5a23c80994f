// processor.c — see processor.h. Not all compilers know of all features by name in
// __builtin_cpu_supports, so the processor itself is asked.

#include "engine/processor.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#if defined(__x86_64__) || defined(__i386__)

#include <cpuid.h>

#include "base/processor_features.h"

enum { EAX, EBX, ECX, EDX, REGISTER_COUNT };
enum { LEAF_1, LEAF_7, LEAF_7_1, LEAF_EXTENDED, LEAF_COUNT };

// Bits of the register in which the system says what it saves.
enum {
    NOTHING = 0,
    AVX_STATE = 0x6,
    AVX512_STATE = 0xe6,
    AMX_STATE = 0x60000,
};

typedef struct hm_processor {
    unsigned leaves[LEAF_COUNT][REGISTER_COUNT];
    unsigned saved;
} hm_processor;

typedef struct hm_feature {
    const char *name;
    unsigned leaf;
    unsigned place; // register
    unsigned bit;
    unsigned state;
} hm_feature;

static unsigned read_saved_state(const hm_processor *processor) {
    enum { TELLS = 1 << 27 }; // that the instruction below may be used
    if ((processor->leaves[LEAF_1][ECX] & TELLS) == 0) {
        return 0;
    }
    unsigned low;
    unsigned high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

static void ask(hm_processor *processor) {
    static const unsigned leaves[LEAF_COUNT][2] = {
            {1, 0}, {7, 0}, {7, 1}, {0x80000001, 0}};
    for (size_t i = 0; i < LEAF_COUNT; i++) {
        unsigned *to = processor->leaves[i];
        if (__get_cpuid_count(leaves[i][0], leaves[i][1], &to[EAX], &to[EBX], &to[ECX],
                    &to[EDX]) == 0) {
            memset(to, 0, sizeof processor->leaves[i]);
        }
    }
    processor->saved = read_saved_state(processor);
}

// What nobody here has heard of is missing too.
static bool has(const hm_processor *processor, const char *name, size_t length) {
    static const hm_feature features[] = {
#define X(macro, name, leaf, place, bit, state) {name, leaf, place, bit, state},
            HM_PROCESSOR_FEATURES(X)
#undef X
    };
    for (size_t i = 0; i < sizeof features / sizeof *features; i++) {
        const hm_feature *known = &features[i];
        if (strlen(known->name) == length && memcmp(known->name, name, length) == 0) {
            return (processor->leaves[known->leaf][known->place] >> known->bit & 1) &&
                   (processor->saved & known->state) == known->state;
        }
    }
    return false;
}

#else

// Elsewhere modules record nothing.
typedef struct hm_processor {
    char nothing;
} hm_processor;

static void ask(hm_processor *processor) {
    processor->nothing = 0;
}

static bool has(const hm_processor *processor, const char *name, size_t length) {
    (void)processor;
    (void)name;
    (void)length;
    return false;
}

#endif

bool hm_processor_has(const char *features, char *missing, size_t size) {
    hm_processor processor;
    ask(&processor);
    while (*features != '\0') {
        size_t length = strcspn(features, " ");
        if (!has(&processor, features, length)) {
            snprintf(missing, size, "%.*s", (int)length, features);
            return false;
        }
        features += length;
        features += strspn(features, " ");
    }
    return true;
}
