double factor(void);

double scaled(double x) {
    return x * factor();
}
