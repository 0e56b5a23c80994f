// m.c — functions whose loops over a column the compiler vectorises.

double spend_per_signup(double spend, double signups) {
    return spend / signups;
}

static double half(double x) {
    return x * 0.5;
}

// A helper is inlined, and several outputs are no hindrance.
void spread(double low, double high, double *middle, double *width) {
    *middle = half(low + high);
    *width = high - low;
}
