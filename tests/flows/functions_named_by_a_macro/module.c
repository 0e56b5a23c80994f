// A macro may name a function, declare it, or be its body: the node is what the
// compiler sees.

#define NODE(suffix) feature_##suffix
#define FEATURE(name, factor)                                                          \
    double name(double x) {                                                            \
        return x * (factor);                                                           \
    }
#define REAL double
#define RETURN_SUM return a + b

double NODE(one)(double x) {
    return x + 1;
}

FEATURE(feature_two, 2)

REAL feature_three(REAL a, REAL b) {
    RETURN_SUM;
}

#define JOINED(a, b) a##b
#define FUNCTION(name, ...)                                                            \
    double name(__VA_ARGS__) {                                                         \
        return a - b;                                                                  \
    }

FUNCTION(JOINED(feature_, four), double a, double b)
