// A node may be called as a function of the C library is.

double index(double x) {
    return x + 1;
}

double time(double index) {
    return index * 2;
}

double y1(double time) {
    return time - 1;
}

double exp(double y1) {
    return y1 / 2;
}

double write(double exp) {
    return exp;
}

double malloc(double write) {
    return write;
}
