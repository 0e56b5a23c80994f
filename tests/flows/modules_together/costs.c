double cost(double price, double quantity) {
    return price * quantity;
}
