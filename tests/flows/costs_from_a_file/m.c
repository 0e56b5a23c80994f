double half(double x) {
    return x / 2;
}

double third(double x) {
    return x / 3;
}

double both(double half, double third) {
    return half + third;
}
