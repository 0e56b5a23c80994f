// One module taken twice, by way of another; and once directly, over columns.

#include <hamilton/modifiers.h>

HM_SUBDAG("lib/region.c", HM_VALUE(factor, 2), HM_CONFIG(region, us))
double us(double paid) {
    return paid;
}

HM_SUBDAG("./lib/region.c", HM_SOURCE(factor, eu_factor), HM_VALUE(vat, 0.5))
double eu(double paid) {
    return paid;
}

double eu_factor(double rate) {
    return 10 * rate;
}

/** What {output_name} is: a share of the largest order. */
HM_SUBDAG_AS(retail, "lib/pricing.c", HM_VALUE(vat, 0), HM_VALUE(each, 1))
HM_SUBDAG_AS(bulk, "lib/pricing.c", HM_VALUE(vat, 0), HM_SOURCE(each, bulk_price),
        HM_EXTERNAL(scale))
double share(double net, double largest, double scale) {
    return net / largest * scale;
}

/** Out of the middle of a subdag. */
HM_INJECT(HM_SOURCE(tax, "eu.paid.tax"))
double eu_tax_rounded(double tax) {
    return (double)(long)tax;
}
