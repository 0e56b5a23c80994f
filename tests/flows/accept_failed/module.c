// What prices come from several sources, any of which may fail.

#include <stddef.h>

#include <hamilton/modifiers.h>
#include <hamilton/node.h>

struct quote {
    double price;
    int age;
};

int exchange(double broken, double *out) {
    if (broken > 0) {
        return hm_fail("the exchange is closed");
    }
    *out = 10;
    return 0;
}

/// Needs the exchange.
double spread(double exchange) {
    return exchange / 100;
}

int quoted(double broken, struct quote *out) {
    if (broken > 1) {
        return hm_fail("nobody answers");
    }
    out->price = 12;
    out->age = 3;
    return 0;
}

int remark(double broken, const char **out) {
    if (broken > 2) {
        return hm_fail("nothing to say");
    }
    *out = "fine";
    return 0;
}

/// The best that there is.
double best(HM_ACCEPT_FAILED const double *exchange, HM_ACCEPT_FAILED const double *spread,
        HM_ACCEPT_FAILED const struct quote *quoted) {
    double price = exchange != NULL ? *exchange : quoted != NULL ? quoted->price : -1;
    return spread != NULL ? price + *spread : price;
}

const char *said(HM_ACCEPT_FAILED const char *remark) {
    return remark != NULL ? remark : "nothing";
}

/// For each amount; what it costs is one value for all.
double total(double amount, HM_ACCEPT_FAILED const double *exchange) {
    return exchange != NULL ? amount * *exchange : -amount;
}

double sum(size_t n, const double total[n]) {
    double all = 0;
    for (size_t i = 0; i < n; i++) {
        all += total[i];
    }
    return all;
}

/// Accepts, and fails itself.
int strict(HM_ACCEPT_FAILED const double *exchange, double amount, double *out) {
    if (exchange == NULL) {
        return hm_fail("no exchange for %g", amount);
    }
    *out = amount;
    return 0;
}
