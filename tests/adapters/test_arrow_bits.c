// Bitmaps against the obvious loop, in memory of exactly their size.

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/arrow/bits.h"
#include "tests/support/suite.h"

enum { MOST = 200 };

static uint32_t random_state = 1;

static uint32_t below(uint32_t limit) {
    random_state = random_state * 1664525 + 1013904223;
    return (random_state >> 8) % limit;
}

static uint8_t *random_bits(size_t count) {
    size_t size = (count + 7) / 8;
    uint8_t *bits = malloc(size > 0 ? size : 1);
    ck_assert_ptr_nonnull(bits);
    for (size_t i = 0; i < size; i++) {
        bits[i] = (uint8_t)below(256);
    }
    return bits;
}

START_TEST(copies_and_counts_are_those_of_single_bits) {
    for (int round = 0; round < 5000; round++) {
        size_t count = below(MOST);
        size_t from_start = below(20);
        size_t start = below(20);
        uint8_t *from = random_bits(from_start + count);
        uint8_t *to = random_bits(start + count);
        uint8_t before[(MOST + 20) / 8 + 1];
        memcpy(before, to, (start + count + 7) / 8);
        bool has_none = below(8) == 0; // all ones then
        size_t zeros = 0;
        hm_bits_copy(to, start, has_none ? NULL : from, from_start, count);
        bool is_same = true;
        for (size_t i = 0; i < count; i++) {
            bool bit = has_none || hm_bits_get(from, from_start + i);
            is_same &= hm_bits_get(to, start + i) == bit;
            zeros += !bit;
        }
        for (size_t i = 0; i < start; i++) {
            is_same &= hm_bits_get(to, i) == hm_bits_get(before, i);
        }
        ck_assert(is_same);
        ck_assert_uint_eq(hm_bits_zeros(to, start, count), zeros);
        free(from);
        free(to);
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("arrow_bits");
    TCase *tcase = tcase_create("bits");
    tcase_add_test(tcase, copies_and_counts_are_those_of_single_bits);
    suite_add_tcase(suite, tcase);
    return suite;
}
