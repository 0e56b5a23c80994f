// Without -o every node is computed that nobody else consumes.

double a(double x) {
    return x + 1;
}

double b(double a) {
    return a + 1;
}

double c(double a) {
    return a + 2;
}
