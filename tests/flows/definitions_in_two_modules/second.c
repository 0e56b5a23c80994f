double price(double base) {
    return base * 3;
}
