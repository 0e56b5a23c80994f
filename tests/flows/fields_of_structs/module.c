// HM_EXTRACT_FIELDS: fields of a struct are nodes of their own.

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include <hamilton/modifiers.h>

struct position {
    double north;
    double east;
};

struct station {
    const char *label;
    struct position position;
    short height;
    bool is_open;
    unsigned level : 3;
    double history[2];
};

/** What is known of a station. */
HM_TAG(owner, "maps")
HM_EXTRACT_FIELDS(label, position, height, is_open, level)
struct station station(const char *code, double latitude) {
    return (struct station){.label = code,
            .position = {.north = latitude, .east = -latitude},
            .height = (short)(latitude * 10),
            .is_open = latitude > 1,
            .level = 5};
}

/** Of the struct that is a field, again. */
HM_EXTRACT_FIELDS()
struct position shifted(struct position position) {
    return (struct position){.north = position.north + 1, .east = position.east + 1};
}

double distance(double north, double east) {
    return north * north + east * east;
}

struct model {
    double slope;
    float offset;
};

HM_DESTROYS
void model_free(struct model *model) {
    free(model);
}

/** Made once. */
HM_EXTRACT_FIELDS(slope, offset)
struct model *model(double seed) {
    struct model *model = seed < 0 ? NULL : malloc(sizeof *model);
    if (model != NULL) {
        *model = (struct model){.slope = seed * 2, .offset = (float)seed};
    }
    return model;
}

double line(double slope, float offset, double x) {
    return slope * x + offset;
}

struct pair {
    double first;
    int second;
};

/** Many at once. */
HM_EXTRACT_FIELDS()
void pair(size_t n, const double x[n], struct pair out[n]) {
    for (size_t i = 0; i < n; i++) {
        out[i] = (struct pair){x[i], (int)i};
    }
}
