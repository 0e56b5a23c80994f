double a(double x) {
    return x;
}
double b(double a, double y) {
    return a + y;
}
double c(double b) {
    return b;
}
double other(double y) {
    return y;
}
