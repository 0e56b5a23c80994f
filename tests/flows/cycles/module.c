// A circle is found when the graph is built, and printed.

double egg(double hen) {
    return hen;
}

double chick(double egg) {
    return egg;
}

double hen(double chick, double corn) {
    return chick + corn;
}

double breakfast(double egg) {
    return egg;
}

double self(double self) {
    return self;
}
