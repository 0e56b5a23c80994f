#include <stdint.h>
#include <stdlib.h>

#include <hamilton/modifiers.h>

typedef struct session session;

struct session {
    int64_t number;
};

HM_DESTROYS
void end_session(session *session) {
    free(session);
}

/// A way to a server: what comes of it does not depend on which one it is.
HM_CACHE(ignore)
session *connection(int64_t port) {
    session *made = malloc(sizeof *made);
    if (made != NULL) {
        made->number = port;
    }
    return made;
}

HM_CACHE(recompute)
double exchange_rate(double quoted) {
    return quoted;
}

double orders(const session *connection, double customer) {
    return connection->number > 0 ? 10 * customer : 0;
}

HM_CACHE(disable)
double turnover(double orders, double exchange_rate) {
    return orders * exchange_rate;
}

HM_TAG(slow, "yes")
double forecast(double turnover) {
    return turnover * 1.5;
}

struct tagged {
    int64_t kind;
    union {
        int64_t whole;
        double real;
    };
};

/// Holds what has no one meaning.
struct tagged tagged_order(double orders) {
    return (struct tagged){.kind = 1, .real = orders};
}

double order_again(struct tagged tagged_order) {
    return tagged_order.real;
}

/// Takes what is behind a pointer, of which nobody says what it is.
double latency(const session *connection) {
    return connection != NULL;
}
