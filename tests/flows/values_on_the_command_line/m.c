#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct place {
    double latitude;
    double longitude;
    const char *name;
};

int whole(int number) {
    return number;
}
double real(double value) {
    return value;
}
bool flag(bool yes) {
    return yes;
}
size_t length(const char *word) {
    return strlen(word);
}
double north(struct place where) {
    return where.latitude;
}
double total(size_t n, const double parts[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += parts[i];
    }
    return sum;
}
