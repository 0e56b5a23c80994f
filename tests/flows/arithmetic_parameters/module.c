// Every arithmetic type is an input and an output of one value.

#include <stdbool.h>
#include <stdint.h>

bool negated(bool truth) {
    return !truth;
}

char next_char(char letter) {
    return (char)(letter + 1);
}

signed char negative_tiny(signed char tiny) {
    return (signed char)-tiny;
}

unsigned char next_byte(unsigned char byte) {
    return (unsigned char)(byte + 1);
}

short next_short(short small) {
    return (short)(small + 1);
}

unsigned short next_ushort(unsigned short usmall) {
    return (unsigned short)(usmall + 1);
}

int next_int(int number) {
    return number + 1;
}

unsigned next_unsigned(unsigned count) {
    return count + 1;
}

int64_t next_int64(int64_t big) {
    return big + 1;
}

uint64_t next_uint64(uint64_t ubig) {
    return ubig + 1;
}

long long next_long_long(long long wide) {
    return wide + 1;
}

float half_float(float single) {
    return single / 2;
}

double half_double(double real) {
    return real / 2;
}

long double half_long_double(long double extended) {
    return extended / 2;
}
