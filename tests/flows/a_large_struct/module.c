// A struct that is larger than any block of rows.
struct series {
    double values[100000];
};

struct series series(double seed) {
    struct series made = {{0}};
    made.values[99999] = seed;
    return made;
}

double by_value(struct series series, double x) {
    return series.values[99999] + x;
}

double by_reference(const struct series *series, double x) {
    return series->values[99999] * x;
}
