// expensive.c — functions of which a row takes long.

#include <math.h>

double grown(double x) {
    return exp(0.5 * x);
}

double log_of_growth(double grown, double x) {
    return log(grown + x * x + 1);
}

double expensive(double log_of_growth, double grown) {
    return sqrt(log_of_growth * grown + 1) + exp(-log_of_growth);
}
