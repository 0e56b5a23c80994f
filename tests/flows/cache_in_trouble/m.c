double y(double x) {
    return 2 * x;
}
