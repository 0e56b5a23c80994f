#include <stddef.h>

#include <hamilton/node.h>

int half(int x, int *out) {
    if (x % 2 != 0) {
        return hm_fail("%d is odd", x);
    }
    *out = x / 2;
    return 0;
}

int next(int half) {
    return half + 1;
}
