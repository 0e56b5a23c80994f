// The alignment in force at the end of the file is not that of the engine's structs.

#pragma pack(1)

struct record {
    char kind;
    double value;
};

double value(struct record record) {
    return record.value;
}
