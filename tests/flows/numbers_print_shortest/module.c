// Every floating value prints the fewest digits that read back to the same bits of its
// type.

float single(float f) {
    return f;
}

double real(double d) {
    return d;
}

double third(double d) {
    return d / 3;
}

double overflow(double d) {
    return d * 1e308 * 1e308;
}
