double inner(double x, double rate) {
    return x * rate + 30;
}

double other(double x) {
    return x + 31;
}
