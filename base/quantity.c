// quantity.c — see quantity.h.

#include "base/quantity.h"

#include <stdio.h>

hm_quantity hm_quantity_time(double nanoseconds) {
    static const char *const units[] = {"ns", "µs", "ms", "s"};
    size_t unit = 0;
    double number = nanoseconds;
    for (; unit < 3 && number >= 999.5; unit++) {
        number /= 1000;
    }
    int digits = number >= 99.95 || unit == 0 ? 0 : number >= 9.995 ? 1 : 2;
    hm_quantity quantity;
    snprintf(quantity.text, sizeof quantity.text, "%.*f %s", digits, number,
            units[unit]);
    return quantity;
}

hm_quantity hm_quantity_bytes(size_t bytes) {
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    size_t unit = 0;
    double number = (double)bytes;
    for (; unit < 4 && number >= 1023.5; unit++) {
        number /= 1024;
    }
    hm_quantity quantity;
    snprintf(quantity.text, sizeof quantity.text, "%.*f %s", unit > 0 && number < 99.95,
            number, units[unit]);
    return quantity;
}
