// An enum is a number, as parameter, element, output and field.

#include <stddef.h>

enum color { RED, GREEN = 5, BLUE };

typedef enum { SMALL = -1, LARGE = 1 } size_class;

struct paint {
    enum color color;
    size_class size;
};

enum color next_color(enum color color) {
    return color == RED ? GREEN : BLUE;
}

struct paint paint(enum color color, size_class size) {
    return (struct paint){color, size};
}

size_t reds(size_t n, const enum color colors[n]) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        count += colors[i] == RED;
    }
    return count;
}
