#include <hamilton/modifiers.h>

/**
 * Revenue of a day,
 * in euros.
 */
HM_TAG(owner, "growth")
HM_TAG(used_for, billing, report, 3)
double revenue(double sales, HM_DEFAULT(2) double price) {
    return sales * price;
}

/// Twice as much.
double doubled(double revenue) {
    return revenue * 2;
}

// No doc comment.
double plain(double sales) {
    return sales;
}
