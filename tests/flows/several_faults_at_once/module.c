// What is wrong with one build is reported together.

double a(double b) {
    return b;
}

double b(double a) {
    return a;
}

int count(double weight) {
    return (int)weight;
}

double mean(double count) {
    return count;
}

double weighed(float weight) {
    return weight;
}
