// Nodes, parameters, types and macros may be called as the tables and thunks of the
// generated file might be.

#include <stddef.h>

#define name "macro"
#define data 4
#define type 3
#define length 2

struct lane {
    double frame;
};

double frame(double at, double lanes) {
    return at + lanes;
}

double row(double frame, double count) {
    return frame * count;
}

double functions(size_t n, const double row[n]) {
    return n > 0 ? row[n - 1] : 0;
}

double self(double functions) {
    return functions - 1;
}

struct lane call(double at) {
    return (struct lane){at};
}

double map(struct lane call, double status) {
    return call.frame * status;
}

void slots(double map, double *slot, double *offset) {
    *slot = map + type;
    *offset = map + data + length;
}

const char *module(double map) {
    return map > 0 ? name : "";
}

double outputs(double slot, double offset) {
    return slot * offset;
}
