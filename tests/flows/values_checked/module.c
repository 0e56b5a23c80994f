#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <hamilton/modifiers.h>

struct point {
    double x;
    const char *label;
};

HM_TAG(unit, "usd")
double cost(double price, double quantity) {
    return price * quantity;
}

double ratio(double cost, double quantity) {
    return cost / (quantity - 1);
}

bool odd_bool(uint8_t byte) {
    bool made;
    memcpy(&made, &byte, 1);
    return made;
}

int read_bool(bool odd_bool) {
    return odd_bool ? 1 : 0;
}

const char *text(double quantity) {
    return quantity > 2 ? "caf\xe9" : "cafe";
}

struct point point(double quantity, const char *text) {
    return (struct point){quantity > 2 ? NAN : quantity, text};
}

int64_t count(double quantity) {
    return (int64_t)quantity;
}

HM_SWITCH(which)
double chosen(const char *which, double cost, double ratio);

double after(double chosen) {
    return chosen;
}
