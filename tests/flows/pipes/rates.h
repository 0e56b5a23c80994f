/** Basis points of a rate. */
static inline double points(double rate) {
    return rate * 10000;
}
