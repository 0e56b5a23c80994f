#define RATE 2
