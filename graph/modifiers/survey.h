// survey.h — loops over a piece of a column, which compilers vectorise: what checks ask
// of all of its values. Sums are added up in an order that depends on no processor.

#ifndef HM_GRAPH_MODIFIERS_SURVEY_H
#define HM_GRAPH_MODIFIERS_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct hm_survey {
    // All values are from low to high, and neither they nor their sum is NaN.
    bool is_sound;
    double sum;
} hm_survey;

// Both in one pass.
hm_survey hm_survey_reals(const double *values, size_t count, double low, double high);

double hm_survey_sum(const double *values, size_t count);

// The sum of the squares of what values differ from their mean by.
double hm_survey_squares(const double *values, size_t count, double mean);

size_t hm_survey_count_nan(const double *values, size_t count);

// Infinities and NaN.
size_t hm_survey_count_infinite(const double *values, size_t count);

// From low to high, both included.
size_t hm_survey_count_inside(
        const double *values, size_t count, double low, double high);

size_t hm_survey_count_integers_inside(
        const int64_t *values, size_t count, int64_t low, int64_t high);

#endif
