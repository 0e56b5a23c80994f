#include <stdlib.h>

#include <hamilton/modifiers.h>
#include <hamilton/node.h>

struct handle {
    int number;
};

HM_DESTROYS void handle_free(struct handle *handle) {
    free(handle);
}

struct handle *handle(int number) {
    struct handle *made = malloc(sizeof *made);
    made->number = number;
    return made;
}

int cost(const struct handle *handle, double price, double quantity, double *out) {
    if (quantity < 0) {
        return hm_fail("cannot sell %g pieces", quantity);
    }
    *out = price * quantity * handle->number;
    return 0;
}

HM_PIPE_OUTPUT(HM_STEP(rounded))
double total(double cost) {
    return cost + 0.5;
}

static double rounded(double x) {
    return (double)(long)x;
}

HM_SWITCH(chosen)
double either(const char *chosen, double total, double cost);
