// reductions.c — see reductions.h.

#include "tests/support/reductions.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <hamilton/node.h>

#include "tests/support/suite.h"

enum { MEETING_SECONDS = 20 };

hm_reductions reductions;

const hm_type hm_moments_type = {.name = "struct moments",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(hm_moments),
        .alignment = _Alignof(hm_moments)};

// The same loop for a node and for what is expected.
static double sum(const double *values, size_t count) {
    double all = 0;
    for (size_t i = 0; i < count; i++) {
        all += values[i];
    }
    return all;
}

static hm_moments sum_up(const double *a, const double *b, size_t count, double scale) {
    hm_moments all = {.count = count};
    for (size_t i = 0; i < count; i++) {
        all.sum += scale * a[i];
        all.squares += 2 * a[i] * b[i];
    }
    return all;
}

static hm_moments merge(hm_moments a, hm_moments b) {
    // Not what anybody would write, so that no other order gives the same.
    return (hm_moments){a.count + b.count, a.sum * 0.75 + b.sum, a.squares - b.squares};
}

// double total(size_t n, const double x[n]); fails at 13
static int call_total(void *frame, const uint32_t *at, void *self) {
    (void)self;
    hm_array values = HM_SLOT(hm_array, 0);
    atomic_fetch_add(&reductions.calls, 1);
    if (reductions.cancel != NULL) {
        hm_cancel_raise(reductions.cancel);
    }
    for (size_t i = 0; i < values.length; i++) {
        if (((const double *)values.data)[i] == 13) {
            return hm_fail("13 is unlucky");
        }
    }
    HM_SLOT(double, 1) = sum(values.data, values.length);
    return 0;
}

static void combine_totals(void *into, const void *more, void *self) {
    ck_assert_ptr_eq(self, &hm_moments_type);
    *(double *)into += *(const double *)more;
}

// double twice(double x); fails at 77
static int call_twice(void *frame, const uint32_t *at, void *self) {
    (void)self;
    if (HM_SLOT(double, 0) == 77) {
        return hm_fail("77 is too much");
    }
    HM_SLOT(double, 1) = 2 * HM_SLOT(double, 0);
    return 0;
}

// struct moments spread(size_t n, const double x[n], const double twice[n], double k)
static int call_spread(void *frame, const uint32_t *at, void *self) {
    (void)self;
    hm_array a = HM_SLOT(hm_array, 0);
    hm_array b = HM_SLOT(hm_array, 1);
    ck_assert_uint_eq(a.length, b.length);
    const double *doubled = b.data;
    hm_moments all = {.count = a.length};
    for (size_t i = 0; i < a.length; i++) {
        all.sum += HM_SLOT(double, 2) * ((const double *)a.data)[i];
        all.squares += doubled[i] * ((const double *)a.data)[i];
    }
    HM_SLOT(hm_moments, 3) = all;
    return 0;
}

static void combine_moments(void *into, const void *more, void *self) {
    (void)self;
    *(hm_moments *)into = merge(*(hm_moments *)into, *(const hm_moments *)more);
}

// double share(double x, double total)
static int call_share(void *frame, const uint32_t *at, void *self) {
    (void)self;
    HM_SLOT(double, 2) = HM_SLOT(double, 0) / HM_SLOT(double, 1);
    return 0;
}

// int64_t next_id(int64_t id)
static int call_next_id(void *frame, const uint32_t *at, void *self) {
    (void)self;
    HM_SLOT(int64_t, 1) = HM_SLOT(int64_t, 0) + 1;
    return 0;
}

// int64_t largest(size_t n, const int64_t next_id[n])
static int call_largest(void *frame, const uint32_t *at, void *self) {
    (void)self;
    hm_array ids = HM_SLOT(hm_array, 0);
    int64_t largest = INT64_MIN;
    for (size_t i = 0; i < ids.length; i++) {
        int64_t id = ((const int64_t *)ids.data)[i];
        ck_assert_int_gt(id, 0); // what is missing holds 0
        largest = id > largest ? id : largest;
    }
    HM_SLOT(int64_t, 1) = largest;
    return 0;
}

static void combine_largest(void *into, const void *more, void *self) {
    (void)self;
    int64_t found = *(const int64_t *)more;
    *(int64_t *)into = found > *(int64_t *)into ? found : *(int64_t *)into;
}

// int64_t ids_there(size_t n, HM_NULLABLE const int64_t next_id[n])
static int call_ids_there(void *frame, const uint32_t *at, void *self) {
    (void)self;
    hm_array ids = HM_SLOT(hm_array, 0);
    const uint8_t *there = hm_validity(ids.data);
    int64_t sum = 0;
    for (size_t i = 0; i < ids.length; i++) {
        if (there == NULL || (there[i / 8] >> i % 8 & 1) != 0) {
            sum += ((const int64_t *)ids.data)[i];
        }
    }
    HM_SLOT(int64_t, 1) = sum;
    return 0;
}

static void combine_ids(void *into, const void *more, void *self) {
    (void)self;
    *(int64_t *)into += *(const int64_t *)more;
}

// void numbers(int64_t count, double **numbers, size_t *n)
static int call_numbers(void *frame, const uint32_t *at, void *self) {
    (void)self;
    size_t count = (size_t)HM_SLOT(int64_t, 0);
    double *numbers = malloc((count + 1) * sizeof *numbers);
    ck_assert_ptr_nonnull(numbers);
    memcpy(numbers, reductions.x, count * sizeof *numbers);
    HM_SLOT(hm_array, 1) = (hm_array){.data = numbers, .length = count};
    return 0;
}

// double meet(double x): returns when another call of it is under way too
static int call_meet(void *frame, const uint32_t *at, void *self) {
    (void)self;
    time_t end = time(NULL) + MEETING_SECONDS;
    atomic_fetch_add(&reductions.arrived, 1);
    while (atomic_load(&reductions.arrived) % 2 != 0) {
        if (time(NULL) > end) {
            return hm_fail("nobody came");
        }
        hm_controlled_nap(HM_MILLISECONDS / 10);
    }
    HM_SLOT(double, 1) = HM_SLOT(double, 0);
    return 0;
}

static hm_function *add_reduction(const char *name, const char *array,
        const hm_type *element, hm_call_thunk *call, hm_combine_thunk *combine) {
    hm_module_builder *builder = &controlled.builder;
    hm_function *function = hm_builder_function(builder, name, call, NULL);
    function->combine = combine;
    function->self = (void *)(uintptr_t)&hm_moments_type;
    hm_builder_takes_array(builder, array, element);
    return function;
}

static hm_function *add_total(const char *name, const char *array) {
    hm_function *function =
            add_reduction(name, array, &hm_type_double, call_total, combine_totals);
    hm_builder_makes(&controlled.builder, name, &hm_type_double);
    return function;
}

void hm_reductions_begin(void) {
    hm_module_builder *builder = &controlled.builder;
    hm_controlled_begin();
    hm_controlled_limit(add_total("limited", "x"));
    add_total("total", "x");
    add_total("total_share", "share");
    add_total("total_number", "numbers");
    add_total("total_next", "next_number");
    add_total("total_met", "meet");
    hm_controlled_add("meet", "x", call_meet);
    hm_controlled_add("twice", "x", call_twice);
    hm_controlled_add("next_number", "numbers", hm_controlled_next);
    hm_builder_function(builder, "share", call_share, NULL);
    hm_builder_takes(builder, "x", &hm_type_double);
    hm_builder_takes(builder, "total", &hm_type_double);
    hm_builder_makes(builder, "share", &hm_type_double);
    add_reduction("spread", "x", &hm_type_double, call_spread, combine_moments);
    hm_builder_takes_array(builder, "twice", &hm_type_double);
    hm_builder_takes(builder, "k", &hm_type_double);
    hm_builder_makes(builder, "spread", &hm_moments_type);
    hm_builder_function(builder, "next_id", call_next_id, NULL);
    hm_builder_takes(builder, "id", &hm_type_long);
    hm_builder_makes(builder, "next_id", &hm_type_long);
    add_reduction("largest", "next_id", &hm_type_long, call_largest, combine_largest);
    hm_builder_makes(builder, "largest", &hm_type_long);
    add_reduction("ids_there", "next_id", &hm_type_long, call_ids_there, combine_ids);
    builder->parameters[builder->parameter_count - 1].is_nullable = true;
    hm_builder_makes(builder, "ids_there", &hm_type_long);
    hm_builder_function(builder, "numbers", call_numbers, NULL);
    hm_builder_takes(builder, "count", &hm_type_long);
    hm_builder_expands(builder, "numbers", &hm_type_double);
    builder->module.free = free;
    for (size_t i = 0; i < HM_REDUCTIONS_MOST; i++) {
        reductions.x[i] = (i % 3 == 0 ? 1e9 : 1) / (double)(i + 1) - (double)(i % 7);
    }
}

double hm_reductions_total(const double *values, size_t length) {
    double all =
            sum(values, length < HM_REDUCTIONS_CHUNK ? length : HM_REDUCTIONS_CHUNK);
    for (size_t start = HM_REDUCTIONS_CHUNK; start < length;
            start += HM_REDUCTIONS_CHUNK) {
        all += sum(values + start, length - start < HM_REDUCTIONS_CHUNK
                                           ? length - start
                                           : HM_REDUCTIONS_CHUNK);
    }
    return all;
}

hm_moments hm_reductions_spread(size_t length, double k) {
    const double *x = reductions.x;
    hm_moments all = sum_up(
            x, x, length < HM_REDUCTIONS_CHUNK ? length : HM_REDUCTIONS_CHUNK, k);
    for (size_t start = HM_REDUCTIONS_CHUNK; start < length;
            start += HM_REDUCTIONS_CHUNK) {
        size_t count = length - start < HM_REDUCTIONS_CHUNK ? length - start
                                                            : HM_REDUCTIONS_CHUNK;
        all = merge(all, sum_up(x + start, x + start, count, k));
    }
    return all;
}

hm_request hm_reductions_request(
        const char *const *wanted, size_t count, hm_binding inputs[2], size_t length) {
    inputs[0] = (hm_binding){"x", hm_value_many(&hm_type_double, reductions.x, length)};
    inputs[1] = (hm_binding){"k", hm_value_double(0.3)};
    hm_request request = hm_controlled_request(wanted, count);
    request.inputs = inputs;
    request.input_count = 2;
    return request;
}
