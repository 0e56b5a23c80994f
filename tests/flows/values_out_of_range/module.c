// A number that its type cannot hold is refused, not wrapped.

unsigned char byte_of(unsigned char byte) {
    return byte;
}

int number_of(int number) {
    return number;
}
