// checker.h — an adapter that checks values between nodes: what C itself does not, and
// ranges. Modules need not know of it, as they do of HM_CHECK.
//
//     const hm_checked_value values[] = {
//         {.node = NULL, .refuses_nan = true},      // all values
//         {.node = "share", .has_least = true, .least = 0, .has_most = true, .most =
//         1},
//     };
//     hm_checker_options checker_options = HM_CHECKER_OPTIONS_INIT;
//     checker_options.values = values;
//     checker_options.value_count = 2;
//     hm_checker *checker;
//     status = hm_checker_create(&checker_options, &checker, &error);
//     const hm_adapter *const adapters[] = {hm_checker_adapter(checker)};
//
// Of the values that it is told of it checks what no function can rely on in C alone:
//
//     bool                  one byte of 0 or 1, also in structs
//     const char *          UTF-8; and, unless it is missing, there
//     by reference          there, unless it is missing
//     arrays                there, if they have elements
//
// (that arrays over one dimension are equally long is looked at in any run)
// and what it is asked to: NaN, infinities, ranges of numbers. A value that is not as
// it should be fails the node that takes or makes it; the message names parameter or
// result, row, field, and what was found.

#ifndef HAMILTON_CHECKER_H
#define HAMILTON_CHECKER_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/adapter.h>
#include <hamilton/allocator.h>
#include <hamilton/export.h>
#include <hamilton/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a value is to be like. Texts are copied.
typedef struct hm_checked_value {
    const char *node; ///< the value of a node or input, or NULL
    const char *tag;  ///< or of nodes with a tag of this key; if both are NULL, all.
                      ///< Neither means nodes that stand aside, as what checks found
                      ///< (hm_node.is_aside)
    bool refuses_nan;
    bool refuses_infinite;
    bool has_least; ///< numbers are not less than `least`; NaN is no number
    bool has_most;
    double least;
    double most;
} hm_checked_value;

typedef struct hm_checker hm_checker;

typedef struct hm_checker_options {
    size_t struct_size;

    /// All that fit a value hold. A name that is no node or input of a driver's, or a
    /// tag that none has, is HM_ADAPTER_FAILED for that driver.
    const hm_checked_value *values;
    size_t value_count;

    const hm_allocator *allocator; ///< kept; NULL means the default
} hm_checker_options;

#define HM_CHECKER_OPTIONS_INIT                                                        \
    { .struct_size = sizeof(hm_checker_options) }

/// HM_BAD_ARGUMENT for a range that nothing is in. The caller destroys *checker.
HM_API HM_MUST_CHECK hm_status hm_checker_create(
        const hm_checker_options *options, hm_checker **checker, hm_error *error);

/// For hm_driver_options.adapters, of any number of drivers. Lives as long as checker.
/// It wraps nodes that take or make such values: mapped ones run by themselves. A value
/// is looked at once where a node makes it that it wraps, and else by each that takes
/// it.
HM_API const hm_adapter *hm_checker_adapter(const hm_checker *checker);

/// Accepts NULL. No driver is left that has it.
HM_API void hm_checker_destroy(hm_checker *checker);

#ifdef __cplusplus
}
#endif

#endif
