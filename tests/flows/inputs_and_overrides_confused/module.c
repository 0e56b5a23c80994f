// An input cannot name a computed node, nor an override an input.

double cost(double price) {
    return price * 2;
}

double total(double cost) {
    return cost + 1;
}
