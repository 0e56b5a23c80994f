// processor_features.h — what compilers use of a processor where it is there: a module
// records it, and is refused where it is not.

#ifndef HM_BASE_PROCESSOR_FEATURES_H
#define HM_BASE_PROCESSOR_FEATURES_H

// The macro that compilers define, the name in messages, where the x86 instruction
// cpuid tells of it (leaf, register, bit), and what the system must save when it
// switches threads.
#define HM_PROCESSOR_FEATURES(X)                                                       \
    X("__SSE3__", "sse3", LEAF_1, ECX, 0, NOTHING)                                     \
    X("__PCLMUL__", "pclmul", LEAF_1, ECX, 1, NOTHING)                                 \
    X("__SSSE3__", "ssse3", LEAF_1, ECX, 9, NOTHING)                                   \
    X("__FMA__", "fma", LEAF_1, ECX, 12, AVX_STATE)                                    \
    X("__SSE4_1__", "sse4.1", LEAF_1, ECX, 19, NOTHING)                                \
    X("__SSE4_2__", "sse4.2", LEAF_1, ECX, 20, NOTHING)                                \
    X("__MOVBE__", "movbe", LEAF_1, ECX, 22, NOTHING)                                  \
    X("__POPCNT__", "popcnt", LEAF_1, ECX, 23, NOTHING)                                \
    X("__AES__", "aes", LEAF_1, ECX, 25, NOTHING)                                      \
    X("__AVX__", "avx", LEAF_1, ECX, 28, AVX_STATE)                                    \
    X("__F16C__", "f16c", LEAF_1, ECX, 29, AVX_STATE)                                  \
    X("__RDRND__", "rdrand", LEAF_1, ECX, 30, NOTHING)                                 \
    X("__BMI__", "bmi", LEAF_7, EBX, 3, NOTHING)                                       \
    X("__AVX2__", "avx2", LEAF_7, EBX, 5, AVX_STATE)                                   \
    X("__BMI2__", "bmi2", LEAF_7, EBX, 8, NOTHING)                                     \
    X("__AVX512F__", "avx512f", LEAF_7, EBX, 16, AVX512_STATE)                         \
    X("__AVX512DQ__", "avx512dq", LEAF_7, EBX, 17, AVX512_STATE)                       \
    X("__RDSEED__", "rdseed", LEAF_7, EBX, 18, NOTHING)                                \
    X("__ADX__", "adx", LEAF_7, EBX, 19, NOTHING)                                      \
    X("__AVX512IFMA__", "avx512ifma", LEAF_7, EBX, 21, AVX512_STATE)                   \
    X("__AVX512CD__", "avx512cd", LEAF_7, EBX, 28, AVX512_STATE)                       \
    X("__SHA__", "sha", LEAF_7, EBX, 29, NOTHING)                                      \
    X("__AVX512BW__", "avx512bw", LEAF_7, EBX, 30, AVX512_STATE)                       \
    X("__AVX512VL__", "avx512vl", LEAF_7, EBX, 31, AVX512_STATE)                       \
    X("__AVX512VBMI__", "avx512vbmi", LEAF_7, ECX, 1, AVX512_STATE)                    \
    X("__AVX512VBMI2__", "avx512vbmi2", LEAF_7, ECX, 6, AVX512_STATE)                  \
    X("__GFNI__", "gfni", LEAF_7, ECX, 8, NOTHING)                                     \
    X("__VAES__", "vaes", LEAF_7, ECX, 9, AVX_STATE)                                   \
    X("__VPCLMULQDQ__", "vpclmulqdq", LEAF_7, ECX, 10, AVX_STATE)                      \
    X("__AVX512VNNI__", "avx512vnni", LEAF_7, ECX, 11, AVX512_STATE)                   \
    X("__AVX512BITALG__", "avx512bitalg", LEAF_7, ECX, 12, AVX512_STATE)               \
    X("__AVX512VPOPCNTDQ__", "avx512vpopcntdq", LEAF_7, ECX, 14, AVX512_STATE)         \
    X("__AVX512VP2INTERSECT__", "avx512vp2intersect", LEAF_7, EDX, 8, AVX512_STATE)    \
    X("__AMX_BF16__", "amx-bf16", LEAF_7, EDX, 22, AMX_STATE)                          \
    X("__AVX512FP16__", "avx512fp16", LEAF_7, EDX, 23, AVX512_STATE)                   \
    X("__AMX_TILE__", "amx-tile", LEAF_7, EDX, 24, AMX_STATE)                          \
    X("__AMX_INT8__", "amx-int8", LEAF_7, EDX, 25, AMX_STATE)                          \
    X("__AVXVNNI__", "avxvnni", LEAF_7_1, EAX, 4, AVX_STATE)                           \
    X("__AVX512BF16__", "avx512bf16", LEAF_7_1, EAX, 5, AVX512_STATE)                  \
    X("__LZCNT__", "lzcnt", LEAF_EXTENDED, ECX, 5, NOTHING)                            \
    X("__SSE4A__", "sse4a", LEAF_EXTENDED, ECX, 6, NOTHING)                            \
    X("__XOP__", "xop", LEAF_EXTENDED, ECX, 11, AVX_STATE)                             \
    X("__FMA4__", "fma4", LEAF_EXTENDED, ECX, 16, AVX_STATE)                           \
    X("__TBM__", "tbm", LEAF_EXTENDED, ECX, 21, NOTHING)

#endif
