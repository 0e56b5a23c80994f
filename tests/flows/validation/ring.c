double a(double b) {
    return b;
}
double b(double a) {
    return a;
}
