double scaled(double x) {
    return x * FACTOR;
}
