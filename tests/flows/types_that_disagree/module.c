// Types agree exactly: between a node and its readers, and among the readers of an
// input.

typedef double money;

struct point {
    double x;
};

double price(money base) {
    return base;
}

/** Fine: a typedef is the type that it names. */
double discounted(money price) {
    return price / 2;
}

float rounded(int price) {
    return (float)price;
}

int quantity_int(int quantity) {
    return quantity;
}

long quantity_long(long quantity) {
    return quantity;
}

double x_of(struct point price) {
    return price.x;
}

const char *text_of(const char *price) {
    return price;
}
