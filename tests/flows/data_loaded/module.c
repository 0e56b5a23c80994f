// HM_LOAD_FROM: parameters that take what files and variables have.

#include <stddef.h>
#include <string.h>

#include <hamilton/metadata.h>
#include <hamilton/modifiers.h>

struct sale {
    double price;
    int count;
    char place[8];
};

/** A column, taken whole. */
HM_LOAD_FROM(csv, price, HM_VALUE(path, "sales.csv"))
double total(size_t n, const double price[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += price[i];
    }
    return sum;
}

/** Columns, row by row, which are read together. */
HM_LOAD_FROM(csv, price, HM_SOURCE(path, file))
HM_LOAD_FROM(csv, pieces, HM_SOURCE(path, file), HM_VALUE(column, "count"))
double turnover(double price, int pieces) {
    return price * pieces;
}

/** Fields are columns. */
HM_LOAD_FROM(csv, sale, HM_VALUE(path, "sales.csv"))
double tax(struct sale sale, double rate) {
    return strcmp(sale.place, "abroad") == 0 ? 0 : sale.price * sale.count * rate;
}

/** What was loaded is another parameter's as well. */
HM_LOAD_FROM(json, rates, HM_VALUE(path, "rates.json"))
HM_LOAD_FROM(environment, place, HM_VALUE(name, "PLACE"), HM_VALUE(otherwise, "here"))
double rate(size_t n, const double rates[n], const char *place) {
    return strcmp(place, "abroad") == 0 ? rates[1] : rates[0];
}

HM_INJECT(HM_SOURCE(of, "total.load_data.price"))
long row_count(const struct hm_metadata *of) {
    return of->rows;
}

HM_LOAD_FROM(raw, bytes, HM_VALUE(path, "sales.csv"))
int first_byte(size_t n, const unsigned char bytes[n]) {
    return n > 0 ? bytes[0] : -1;
}

HM_LOAD_FROM(raw, text, HM_VALUE(path, "rates.json"))
size_t length(const char *text) {
    return strlen(text);
}

HM_LOAD_FROM(json, scores, HM_VALUE(path, "scores.json"), HM_VALUE(column, "score"))
double best(size_t n, const double scores[n]) {
    double best = 0;
    for (size_t i = 0; i < n; i++) {
        best = scores[i] > best ? scores[i] : best;
    }
    return best;
}

HM_WHEN(big, true)
HM_LOAD_FROM(tsv, price, HM_VALUE(path, "more.tsv"))
double average__big(size_t n, const double price[n]) {
    return total(n, price) / (double)n;
}

HM_OTHERWISE
HM_LOAD_FROM(csv, price, HM_VALUE(path, "sales.csv"))
double average(size_t n, const double price[n]) {
    return total(n, price) / (double)n;
}

static inline double twice(double x);
HM_EXCLUDE
double doubled(double x) {
    return twice(x);
}
static inline double twice(double x) {
    return 2 * x;
}

/** Loaded, then piped. */
HM_PIPE_INPUT(price, HM_STEP(doubled))
HM_LOAD_FROM(ndjson, price, HM_VALUE(path, "prices.ndjson"))
double piped(double price) {
    return price;
}

/** Each node takes the same data. */
HM_PARAMETERIZE(cheap, HM_VALUE(limit, 1))
HM_PARAMETERIZE(dear, HM_VALUE(limit, 100))
HM_LOAD_FROM(csv, price, HM_VALUE(path, "sales.csv"))
int below(size_t n, const double price[n], double limit) {
    int count = 0;
    for (size_t i = 0; i < n; i++) {
        count += price[i] < limit;
    }
    return count;
}
