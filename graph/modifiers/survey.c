// survey.c — see survey.h.

#include "graph/modifiers/survey.h"

#include <float.h>
#include <math.h>

#include "base/clones.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define HAS_AVX2_LOOP
#endif

enum { LANES = 16 }; // sums that go side by side

HM_CLONED static size_t count_nan(const double *values, size_t count) {
    uint64_t found = 0;
    for (size_t i = 0; i < count; i++) {
        found += values[i] != values[i];
    }
    return found;
}

size_t hm_survey_count_nan(const double *values, size_t count) {
    return count_nan(values, count);
}

HM_CLONED static size_t count_infinite(const double *values, size_t count) {
    uint64_t found = 0;
    for (size_t i = 0; i < count; i++) {
        found += !(fabs(values[i]) <= DBL_MAX);
    }
    return found;
}

size_t hm_survey_count_infinite(const double *values, size_t count) {
    return count_infinite(values, count);
}

HM_CLONED static size_t count_inside(
        const double *values, size_t count, double low, double high) {
    uint64_t found = 0;
    for (size_t i = 0; i < count; i++) {
        found += (uint64_t)(values[i] >= low) & (uint64_t)(values[i] <= high);
    }
    return found;
}

size_t hm_survey_count_inside(
        const double *values, size_t count, double low, double high) {
    return count_inside(values, count, low, high);
}

HM_CLONED static size_t count_integers_inside(
        const int64_t *values, size_t count, int64_t low, int64_t high) {
    uint64_t found = 0;
    for (size_t i = 0; i < count; i++) {
        found += (uint64_t)(values[i] >= low) & (uint64_t)(values[i] <= high);
    }
    return found;
}

size_t hm_survey_count_integers_inside(
        const int64_t *values, size_t count, int64_t low, int64_t high) {
    return count_integers_inside(values, count, low, high);
}

// Adds values that fill no row of lanes, and then the lanes.
static double add_up(double lanes[LANES], const double *rest, size_t count) {
    for (size_t i = 0; i < count; i++) {
        lanes[i] += rest[i];
    }
    for (size_t width = LANES / 2; width > 0; width /= 2) {
        for (size_t k = 0; k < width; k++) {
            lanes[k] += lanes[k + width];
        }
    }
    return lanes[0];
}

HM_CLONED static double sum(const double *values, size_t count) {
    double lanes[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        for (size_t k = 0; k < LANES; k++) {
            lanes[k] += values[i + k];
        }
    }
    return add_up(lanes, values + i, count - i);
}

double hm_survey_sum(const double *values, size_t count) {
    return sum(values, count);
}

HM_CLONED static double squares(const double *values, size_t count, double mean) {
    double lanes[LANES] = {0};
    double rest[LANES];
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        for (size_t k = 0; k < LANES; k++) {
            double apart = values[i + k] - mean;
            lanes[k] += apart * apart;
        }
    }
    for (size_t k = 0; i + k < count; k++) {
        double apart = values[i + k] - mean;
        rest[k] = apart * apart;
    }
    return add_up(lanes, rest, count - i);
}

double hm_survey_squares(const double *values, size_t count, double mean) {
    return squares(values, count, mean);
}

#ifdef HAS_AVX2_LOOP

enum { WIDTH = 4, VECTORS = LANES / WIDTH };

// Three operations for four values, as fast as they are loaded: least and greatest pass
// NaN over, which the sum shows. A sum of products with 1, which are exact, is made
// where the processor compares nothing meanwhile.
__attribute__((target("avx2,fma"))) static hm_survey survey_avx2(
        const double *values, size_t count, double low, double high) {
    const __m256d one = _mm256_set1_pd(1);
    __m256d sums[VECTORS];
    __m256d least[VECTORS];
    __m256d greatest[VECTORS];
    for (size_t k = 0; k < VECTORS; k++) {
        sums[k] = _mm256_setzero_pd();
        least[k] = _mm256_set1_pd(high);
        greatest[k] = _mm256_set1_pd(low);
    }
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        for (size_t k = 0; k < VECTORS; k++) {
            __m256d value = _mm256_loadu_pd(values + i + k * WIDTH);
            sums[k] = _mm256_fmadd_pd(value, one, sums[k]);
            least[k] = _mm256_min_pd(value, least[k]);
            greatest[k] = _mm256_max_pd(value, greatest[k]);
        }
    }
    double lanes[LANES];
    int outside = 0;
    for (size_t k = 0; k < VECTORS; k++) {
        _mm256_storeu_pd(lanes + k * WIDTH, sums[k]);
        __m256d below = _mm256_cmp_pd(least[k], _mm256_set1_pd(low), _CMP_LT_OQ);
        __m256d above = _mm256_cmp_pd(greatest[k], _mm256_set1_pd(high), _CMP_GT_OQ);
        outside |= _mm256_movemask_pd(_mm256_or_pd(below, above));
    }
    bool is_rest_inside =
            hm_survey_count_inside(values + i, count - i, low, high) == count - i;
    hm_survey survey = {.sum = add_up(lanes, values + i, count - i)};
    survey.is_sound = outside == 0 && is_rest_inside && !isnan(survey.sum);
    return survey;
}

#endif

hm_survey hm_survey_reals(const double *values, size_t count, double low, double high) {
#ifdef HAS_AVX2_LOOP
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        return survey_avx2(values, count, low, high);
    }
#endif
    double sum = hm_survey_sum(values, count);
    size_t inside = hm_survey_count_inside(values, count, low, high);
    return (hm_survey){.is_sound = inside == count && !isnan(sum), .sum = sum};
}
