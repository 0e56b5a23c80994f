// functions.c — see functions.h.

#include "tests/engine/random_shapes/functions.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <hamilton/node.h>

#include "tests/support/suite.h"

unsigned long sum_of(const function *made, const vector *in) {
    unsigned long sum = made->salt;
    for (size_t p = 0; p < made->parameter_count; p++) {
        for (size_t i = 0; i < in[p].length; i++) {
            sum = sum * 31 + (unsigned long)in[p].numbers[i];
        }
        sum = sum * 7 + in[p].length;
    }
    return sum % 1000;
}

bool is_unlucky(const function *made, unsigned long sum) {
    return made->unlucky != 0 && sum % made->unlucky == 0;
}

size_t first_over(const function *made, uint32_t dimension) {
    size_t p = 0;
    while (!made->parameters[p].is_array ||
            made->parameters[p].dimension != dimension) {
        p++;
    }
    return p;
}

size_t output_length(
        const function *made, const output *out, const vector *in, unsigned long sum) {
    if (out->shape == HM_ONE) {
        return 1;
    }
    if (out->shape == HM_ARRAY) {
        return in[first_over(made, out->dimension)].length;
    }
    return out->lender < MOST_PARAMETERS ? in[out->lender].length : sum % 4;
}

long output_number(const output *out, const vector *in, unsigned long sum, size_t i) {
    if (out->lender < MOST_PARAMETERS) {
        return in[out->lender].numbers[i];
    }
    return (long)((sum + out->dimension + 3 * i) % 1000);
}

static void read_parameter(const parameter *taken, const void *slot, vector *in) {
    const char *elements = slot;
    in->length = 1;
    if (taken->is_array) {
        elements = ((const hm_array *)slot)->data;
        in->length = ((const hm_array *)slot)->length;
    } else if (taken->is_referred) {
        elements = *(const char *const *)slot;
    }
    in->numbers = calloc(in->length + 1, sizeof(long));
    for (size_t i = 0; i < in->length; i++) {
        in->numbers[i] =
                read_element(taken->class, elements + i * size_of(taken->class));
    }
}

static void write_output(const function *made, const output *out, void *const *slots,
        const vector *in, unsigned long sum, void *slot) {
    size_t length = output_length(made, out, in, sum);
    size_t size = size_of(out->class);
    char *elements = slot;
    if (out->shape == HM_ARRAY) {
        elements = ((hm_array *)slot)->data;
        ck_assert_uint_eq(((hm_array *)slot)->length, length);
    } else if (out->shape == HM_EXPANSION) {
        elements = length > 0 ? give(length * size) : NULL;
        *(hm_array *)slot = (hm_array){.data = elements, .length = length};
    }
    for (size_t i = 0; i < length; i++) {
        if (out->lender < MOST_PARAMETERS) {
            const char *from = slots[out->lender];
            if (made->parameters[out->lender].is_array) {
                from = (char *)((const hm_array *)slots[out->lender])->data + i * size;
            }
            borrow_element(out->class, elements + i * size, from);
        } else {
            write_element(out->class, elements + i * size,
                    output_number(out, in, sum, i), give);
        }
    }
}

static int run_row(const function *made, void *const *slots) {
    if (made->is_slow) {
        nanosleep(&(struct timespec){.tv_nsec = 20 * 1000}, NULL);
    }
    vector in[MOST_PARAMETERS];
    for (size_t p = 0; p < made->parameter_count; p++) {
        read_parameter(&made->parameters[p], slots[p], &in[p]);
    }
    unsigned long sum = sum_of(made, in);
    int code = is_unlucky(made, sum) ? hm_fail("unlucky %lu", sum) : 0;
    for (size_t o = 0; code == 0 && o < made->output_count; o++) {
        write_output(made, &made->outputs[o], slots, in, sum,
                slots[made->parameter_count + o]);
    }
    for (size_t p = 0; p < made->parameter_count; p++) {
        free(in[p].numbers);
    }
    return code;
}

int call_random(void *frame, const uint32_t *at, void *self) {
    const function *made = self;
    void *slots[MOST_PARAMETERS + MOST_OUTPUTS];
    for (size_t i = 0; i < made->parameter_count + made->output_count; i++) {
        slots[i] = (char *)frame + at[i];
    }
    return run_row(made, slots);
}

static size_t slot_size(const function *made, size_t i) {
    if (i < made->parameter_count) {
        const parameter *taken = &made->parameters[i];
        return taken->is_array      ? sizeof(hm_array)
               : taken->is_referred ? sizeof(void *)
                                    : size_of(taken->class);
    }
    const output *out = &made->outputs[i - made->parameter_count];
    return out->shape != HM_ONE ? sizeof(hm_array) : size_of(out->class);
}

int map_random(const hm_lane *lanes, size_t count, size_t *row, void *self) {
    const function *made = self;
    for (*row = 0; *row < count; ++*row) {
        void *slots[MOST_PARAMETERS + MOST_OUTPUTS];
        for (size_t i = 0; i < made->parameter_count + made->output_count; i++) {
            slots[i] =
                    (char *)lanes[i].data + *row * lanes[i].stride * slot_size(made, i);
        }
        int code = run_row(made, slots);
        if (code != 0) {
            return code;
        }
    }
    return 0;
}
