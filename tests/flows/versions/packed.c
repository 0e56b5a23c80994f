struct attribute {
    char kind;
    int value;
};

#pragma pack(push, 8)
struct pragma {
    char kind;
    int value;
};
#pragma pack(pop)

struct neither {
    char kind;
    int value;
};

int of_attribute(struct attribute x) {
    return x.value;
}

int of_pragma(struct pragma y) {
    return y.value;
}

int of_neither(struct neither z) {
    return z.value;
}
