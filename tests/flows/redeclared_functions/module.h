// Declarations of a header say what they say once more.

#include <hamilton/modifiers.h>

/** What is asked for it. */
HM_TAG(owner, growth)
double price(double base);

HM_WHEN(region, us)
double tax__us(double price);
