// test_quote.c — the functions of a module are C functions, also those that end later:
// a test makes an hm_async, calls them, and waits. The client is one of the test's own.

#undef NDEBUG
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include <hamilton/node.h>

#include "client.h"

int price(const struct client *client, int item, double *out, hm_async *done);
int stock(int item, double *out, hm_async *done);
double available(double quantity, double stock);

void client_get(const struct client *client, const char *path,
        client_answered *answered, void *argument) {
    assert(client == NULL);
    if (strcmp(path, "/price/3") == 0) {
        answered(200, "1.75", argument);
    } else {
        answered(0, "the line is dead", argument);
    }
}

int main(void) {
    double out = 0;
    hm_async *done = hm_async_create();
    assert(hm_async_wait(done, price(NULL, 3, &out, done)) == 0);
    assert(out == 1.75);
    hm_async_destroy(done);

    done = hm_async_create();
    assert(hm_async_wait(done, price(NULL, 4, &out, done)) != 0);
    assert(strcmp(hm_async_message(done),
                   "the price service says 0 of item 4: the line is dead") == 0);
    hm_async_destroy(done);

    done = hm_async_create();
    assert(hm_async_wait(done, stock(9, &out, done)) == 0);
    assert(out == 20);
    hm_async_destroy(done);

    assert(available(25, 20) == 20);
}
