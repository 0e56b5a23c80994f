// check.h — what a check of <hamilton/modifiers.h> found: the value of its node.
//
//     HM_CHECK_RANGE(0, 1, warn) HM_CHECK_FINITE(fail)
//     double share(double part, double whole) { return part / whole; }
//
// `share_range` and `share_finite` are nodes of this type, which results have and other
// functions may take as `struct hm_check_result share_range`.

#ifndef HAMILTON_CHECK_H
#define HAMILTON_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a check found in all rows of a node, or in its one value.
typedef struct hm_check_result {
    bool passed;
    int64_t rows;    ///< that there are; 1 if the node has one value
    int64_t missing; ///< of these: NaN where the type has it
    int64_t failing; ///< values that are not as expected; 0 if all are judged together
    int64_t first; ///< the row of the first of these, counted from 1; 0: there is none
    double found;  ///< that value, or the mean, deviation or fraction; NaN: no number
    int64_t integer;      ///< the same, exactly, of a type of 64 bits
    double mean;          ///< of what is not missing, if the check asks for it; else 0
    const char *text;     ///< the first failing value if it is a string, else NULL
    const char *expected; ///< in words: "from 0 to 1"
} hm_check_result;

#ifdef __cplusplus
}
#endif

#endif
