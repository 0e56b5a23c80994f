#include <stdbool.h>
#include <stddef.h>
#include <string.h>

double total(double price, int quantity) {
    return price * quantity;
}

size_t width(const char *name) {
    return strlen(name);
}

bool chosen(bool keep) {
    return keep;
}

/** A column of a file that names a computed node is passed over. */
double margin(double total) {
    return total / 10;
}
