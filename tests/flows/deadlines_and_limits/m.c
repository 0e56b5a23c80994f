#include <stdatomic.h>
#include <unistd.h>

#include <hamilton/modifiers.h>
#include <hamilton/node.h>

static atomic_int under_way;

static int how_many(void) {
    int count = atomic_fetch_add(&under_way, 1) + 1;
    usleep(200 * 1000);
    atomic_fetch_sub(&under_way, 1);
    return count;
}

/** How many of these two there are when this one begins. */
HM_TAG(limit, "db") int first(int x) { return x + how_many() - 1; }
HM_TAG(limit, "db") int second(int x) { return x + how_many() - 1; }

/** Comes back when nobody waits any more. */
int stuck(int x) {
    sleep(30);
    return x;
}

/** Asks whether somebody waits, and comes back early. */
int polite(int x, int *out) {
    while (!hm_should_stop()) {
        usleep(1000);
    }
    *out = x;
    return hm_fail("nobody waits");
}

int after(int polite) {
    return polite;
}
