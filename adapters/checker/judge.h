// judge.h — whether a value is as it should be, and if not, where and why.

#ifndef HM_ADAPTERS_CHECKER_JUDGE_H
#define HM_ADAPTERS_CHECKER_JUDGE_H

#include <stdbool.h>

#include <hamilton/value.h>

// What all that is asked of a value comes to.
typedef struct hm_bounds {
    bool refuses_nan;
    bool refuses_infinite;
    double least; // -HUGE_VAL and HUGE_VAL: any
    double most;
} hm_bounds;

enum { HM_FAULT_SIZE = 256 };

// False if not, and " in row 3: NaN" or the like, to follow what the value is called.
// may_be_null: one value that is a null pointer is none, and right.
bool hm_judge(const hm_value *value, const hm_bounds *bounds, bool may_be_null,
        char fault[HM_FAULT_SIZE]);

#endif
