// Data in and out as nodes: the sales of a shop are loaded, joined with prices of
// another file, and saved with what is known of them.

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/metadata.h>
#include <hamilton/modifiers.h>
#include <hamilton/node.h>

struct sale {
    long id;
    char article[16];
    int pieces;
    double price;
};

/** Prices in the currency of the day: what one unit is in euros. */
HM_LOAD_FROM(environment, rate, HM_VALUE(name, "SHOP_RATE"), HM_VALUE(otherwise, "1"))
double euros(double rate) {
    return rate;
}

/** What each sale brought, in euros. */
HM_LOAD_FROM(csv, sale, HM_SOURCE(path, sales_file))
HM_CHECK_RANGE(0, 100000, fail)
HM_SAVE_TO(csv, HM_SOURCE(path, turnover_file), HM_VALUE(column, "euros"))
double turnover(struct sale sale, double euros) {
    return sale.pieces * sale.price * euros;
}

/** Of all sales. */
HM_SAVE_TO(json, HM_SOURCE(path, total_file))
double total(size_t n, const double turnover[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += turnover[i];
    }
    return sum;
}

/** Two columns of one file, which is read once. */
HM_LOAD_FROM(csv, price, HM_SOURCE(path, sales_file))
HM_LOAD_FROM(csv, count, HM_SOURCE(path, sales_file), HM_VALUE(column, "pieces"))
double mean_price(size_t n, const double price[n], const int count[n]) {
    double sum = 0;
    double pieces = 0;
    for (size_t i = 0; i < n; i++) {
        sum += price[i] * count[i];
        pieces += count[i];
    }
    return pieces > 0 ? sum / pieces : NAN;
}

/** Fails unless the sales are those that were counted. */
HM_INJECT(HM_SOURCE(of, "turnover.load_data.sale"))
int is_complete(const struct hm_metadata *of, HM_DEFAULT(0) long expected, bool *out) {
    if (expected > 0 && of->rows != expected) {
        return hm_fail("%s has %ld rows, and %ld were counted", of->source,
                (long)of->rows, expected);
    }
    *out = true;
    return 0;
}

/** Opening hours, a line each: no format knows them. */
HM_LOADER
int hours(const char *hours_file, int **out, size_t *count,
        struct hm_metadata *metadata) {
    FILE *file = fopen(hours_file, "r");
    if (file == NULL) {
        return hm_fail("%s: cannot open it", hours_file);
    }
    *count = 0;
    *out = malloc(7 * sizeof **out);
    while (*out != NULL && *count < 7 && fscanf(file, "%*s %d", &(*out)[*count]) == 1) {
        ++*count;
    }
    fclose(file);
    *metadata = (struct hm_metadata){.format = "hours",
            .source = hours_file,
            .rows = (long)*count,
            .schema = "hours int",
            .content = ""};
    return *out == NULL;
}

/** What an hour brings. */
double per_hour(double total, size_t n, const int hours[n]) {
    int sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += hours[i];
    }
    return total / sum;
}
