// A struct is one value: given as a JSON object, printed as one.

#include <stdbool.h>
#include <stddef.h>

struct point {
    double x;
    double y;
};

typedef struct {
    struct point corner[2];
    bool filled;
    unsigned width : 3;
    const char *label;
} box;

double area(struct point a, struct point b) {
    return (b.x - a.x) * (b.y - a.y);
}

box frame(struct point a, struct point b, const char *label) {
    return (box){{a, b}, true, 5, label};
}

bool same_frame(box frame) {
    return frame.filled && frame.width == 5 && frame.corner[1].x > frame.corner[0].x;
}

struct point centroid(size_t n, const struct point cloud[n]) {
    struct point sum = {0, 0};
    for (size_t i = 0; i < n; i++) {
        sum.x += cloud[i].x / (double)n;
        sum.y += cloud[i].y / (double)n;
    }
    return sum;
}
