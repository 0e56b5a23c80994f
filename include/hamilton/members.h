// members.h — what a run computed in the members of a struct of the caller's: single
// values, and arrays.
//
//     struct scores {
//         double mean;
//         double *spend;          // points at room for 1,000 elements
//         const char *const *region;
//     };
//     static const hm_member members[] = {
//         {"spend_mean", &hm_type_double, HM_MEMBER_ONE, offsetof(struct scores,
//         mean)},
//         {"spend", &hm_type_double, HM_MEMBER_ROOM, offsetof(struct scores, spend)},
//         {"region", &hm_type_string, HM_MEMBER_VIEW, offsetof(struct scores, region)},
//     };
//     size_t row_count;
//     status = hm_members_fill(
//             results, members, 3, 1000, &scores, &row_count, &error);

#ifndef HAMILTON_MEMBERS_H
#define HAMILTON_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/export.h>
#include <hamilton/results.h>
#include <hamilton/status.h>
#include <hamilton/type.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum hm_member_form {
    HM_MEMBER_ONE,   ///< T x: gets a single value
    HM_MEMBER_VIEW,  ///< const T *x: is made to point at an array where it is, in the
                     ///< results; it ends with them
    HM_MEMBER_ROOM,  ///< T *x: points at room for elements, which are copied there
    HM_MEMBER_ARRAY, ///< T x[length]: elements are copied there
} hm_member_form;

/// A member of a struct, and what it gets.
typedef struct hm_member {
    const char *name;    ///< of a result
    const hm_type *type; ///< T; the result must be of it, since nothing is converted
    hm_member_form form;
    size_t offset; ///< in bytes from the start of the struct
    size_t length; ///< of HM_MEMBER_ARRAY

    /// Where elements may be missing there is a second member. Of a view it is a
    /// const uint8_t *, which becomes NULL if none is missing; else a uint8_t *, which
    /// points at room for a bit for each element, in whole bytes. Bits are as in
    /// hm_array.validity.
    bool has_validity;
    size_t validity_offset;
} hm_member;

/// Puts results into the members of the struct at `object`. All arrays are equally
/// long, and their length goes to *row_count, which may be NULL; without arrays it is
/// 1. `room` tells for how many elements there is room behind each HM_MEMBER_ROOM. A
/// single value fills a room or an array once for each row. What texts point at stays
/// where it is, and ends with the results; so does what pointers in structs point at.
///
/// A missing element is NaN where the type is floating and elements are copied; else
/// it needs has_validity, and is zeros, or "" if it is a string, where it is copied.
///
/// HM_UNKNOWN_NAME, and what hm_results_status() says of a result that is not ready;
/// HM_TYPE_MISMATCH, also for objects by reference that are only known by pointer or
/// own something; HM_SHAPE_MISMATCH for an array where one value is wanted, a single
/// value where a view is, and for arrays of arrays; HM_LENGTH_MISMATCH if arrays are
/// not equally long, or there is no room for them; HM_BAD_DATA for an element that is
/// missing and cannot be marked, with its row (from 1). On failure nothing was written.
/// Any thread.
HM_API HM_MUST_CHECK hm_status hm_members_fill(const hm_results *results,
        const hm_member *members, size_t member_count, size_t room, void *object,
        size_t *row_count, hm_error *error);

#ifdef __cplusplus
}
#endif

#endif
