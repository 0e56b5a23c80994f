// features_hand.c — see features_hand.h.

#include "bench/columns/features_hand.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { BLOCK = 256, CHUNK = 8 * BLOCK, NOBODY = -1 };

typedef void kernel(const double *restrict a, const double *restrict b,
        double *restrict out, size_t count);

#define KERNEL(operation)                                                              \
    static void compute_##operation(const double *restrict a,                          \
            const double *restrict b, double *restrict out, size_t count) {            \
        for (size_t i = 0; i < count; i++) {                                           \
            out[i] = FEATURE_##operation(a[i], b[i]);                                  \
        }                                                                              \
    }
KERNEL(ADD)
KERNEL(SUBTRACT)
KERNEL(MULTIPLY)
KERNEL(DIVIDE)
KERNEL(LESSER)
KERNEL(GREATER)
KERNEL(ROOT)
KERNEL(SIZE)
KERNEL(COMPARE)
#undef KERNEL

// Inputs and features have a number each.
enum {
#define X(name) AT_##name,
    FEATURE_INPUT_LIST(X)
#undef X
#define X(name, operation, a, b) AT_##name,
            FEATURE_LIST(X)
#undef X
                    VALUE_COUNT
};

static const struct feature {
    kernel *compute;
    int a;
    int b;
} features[VALUE_COUNT] = {
#define X(name, operation, a, b) [AT_##name] = {compute_##operation, AT_##a, AT_##b},
        FEATURE_LIST(X)
#undef X
};

static const int wanted_values[FEATURE_WANTED] = {
#define X(name) AT_##name,
        FEATURE_WANTED_LIST(X)
#undef X
};

// Where a member has a value: row r of a column is at data + r, and of a slot at data.
struct place {
    double *data;
    bool is_column;
};

struct step {
    kernel *compute;
    struct place a;
    struct place b;
    struct place out;
};

struct hm_features_hand {
    hm_crew *crew;
    size_t row_count;
    double *slots[HM_CREW_SIZE];
    struct step steps[HM_CREW_SIZE][VALUE_COUNT];
    size_t step_count;
    hm_cursor cursor; // of the run
};

// The last feature that reads a value, or NOBODY if it is not needed.
static void find_last_readers(int last_reader[VALUE_COUNT]) {
    for (int value = 0; value < VALUE_COUNT; value++) {
        last_reader[value] = NOBODY;
    }
    for (size_t i = 0; i < FEATURE_WANTED; i++) {
        last_reader[wanted_values[i]] = VALUE_COUNT;
    }
    for (int value = VALUE_COUNT - 1; value >= FEATURE_INPUTS; value--) {
        if (last_reader[value] == NOBODY) {
            continue;
        }
        const int read[] = {features[value].a, features[value].b};
        for (size_t i = 0; i < 2; i++) {
            if (last_reader[read[i]] == NOBODY) {
                last_reader[read[i]] = value;
            }
        }
    }
}

// Slots of values that are needed no more are taken again, the last one first. A value
// does not take the slot of what it reads, as kernels want it. Returns how many there
// are.
static int assign_slots(const int last_reader[VALUE_COUNT], int slot[VALUE_COUNT]) {
    int unused[VALUE_COUNT];
    int unused_count = 0;
    int slot_count = 0;
    for (int value = 0; value < VALUE_COUNT; value++) {
        slot[value] = NOBODY;
        if (value < FEATURE_INPUTS || last_reader[value] == NOBODY) {
            continue;
        }
        if (last_reader[value] < VALUE_COUNT) {
            slot[value] = unused_count > 0 ? unused[--unused_count] : slot_count++;
        }
        const int read[] = {features[value].a, features[value].b};
        for (size_t i = 0; i < 2; i++) {
            if (last_reader[read[i]] == value && slot[read[i]] != NOBODY) {
                unused[unused_count++] = slot[read[i]];
            }
        }
    }
    return slot_count;
}

static void place_values(struct place places[VALUE_COUNT], const int slot[VALUE_COUNT],
        double *slots, double *const *inputs, double **wanted) {
    for (int value = 0; value < VALUE_COUNT; value++) {
        places[value] = (struct place){0};
        if (value < FEATURE_INPUTS) {
            places[value] = (struct place){inputs[value], true};
        } else if (slot[value] != NOBODY) {
            places[value].data = slots + slot[value] * BLOCK;
        }
    }
    for (size_t i = 0; i < FEATURE_WANTED; i++) {
        places[wanted_values[i]] = (struct place){wanted[i], true};
    }
}

hm_features_hand *hm_features_hand_create(hm_crew *crew, size_t row_count,
        double *const inputs[FEATURE_INPUTS], double *wanted[FEATURE_WANTED]) {
    int last_reader[VALUE_COUNT];
    int slot[VALUE_COUNT];
    find_last_readers(last_reader);
    size_t slot_size = BLOCK * sizeof(double);
    size_t size = (size_t)assign_slots(last_reader, slot) * slot_size;
    hm_features_hand *hand = aligned_alloc(_Alignof(hm_features_hand), sizeof *hand);
    if (hand == NULL) {
        fprintf(stderr, "no memory\n");
        return NULL;
    }
    *hand = (hm_features_hand){.crew = crew, .row_count = row_count};
    for (size_t member = 0; member < HM_CREW_SIZE; member++) {
        struct place places[VALUE_COUNT];
        double *slots = aligned_alloc(4096, size + (4096 - size % 4096));
        if (slots == NULL) {
            fprintf(stderr, "no memory\n");
            hm_features_hand_destroy(hand);
            return NULL;
        }
        hand->slots[member] = slots;
        place_values(places, slot, slots, inputs, wanted);
        hand->step_count = 0;
        for (int value = FEATURE_INPUTS; value < VALUE_COUNT; value++) {
            const struct feature *feature = &features[value];
            if (last_reader[value] != NOBODY) {
                hand->steps[member][hand->step_count++] =
                        (struct step){feature->compute, places[feature->a],
                                places[feature->b], places[value]};
            }
        }
    }
    return hand;
}

void hm_features_hand_destroy(hm_features_hand *hand) {
    if (hand != NULL) {
        for (size_t member = 0; member < HM_CREW_SIZE; member++) {
            free(hand->slots[member]);
        }
        free(hand);
    }
}

static double *at(struct place place, size_t row) {
    return place.is_column ? place.data + row : place.data;
}

static void work(void *subject, int member) {
    hm_features_hand *hand = subject;
    const struct step *steps = hand->steps[member];
    size_t begin;
    size_t end;
    while (hm_cursor_take(&hand->cursor, hand->row_count, CHUNK, &begin, &end)) {
        for (size_t row = begin; row < end; row += BLOCK) {
            size_t count = end - row < BLOCK ? end - row : BLOCK;
            for (size_t i = 0; i < hand->step_count; i++) {
                steps[i].compute(at(steps[i].a, row), at(steps[i].b, row),
                        at(steps[i].out, row), count);
            }
        }
    }
}

void hm_features_hand_run(hm_features_hand *hand) {
    hand->cursor = (hm_cursor){0};
    hm_crew_run(hand->crew, work, hand);
}
