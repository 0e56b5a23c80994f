double doubled(double x) {
    return 2 * x;
}
