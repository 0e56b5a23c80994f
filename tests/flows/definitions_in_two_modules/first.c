double price(double base) {
    return base * 2;
}

double total(double price) {
    return price + 1;
}
