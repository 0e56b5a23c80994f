// What a file is called is no concern of C: the name of the module is made of it.

double doubled(double x) {
    return 2 * x;
}
