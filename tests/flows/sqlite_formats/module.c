// A table that one function saves, and others load: rows, a column, what a query says.

#include <stddef.h>

#include <hamilton/modifiers.h>

struct reading {
    int day;
    const char *place;
    double level;
};

HM_SAVE_TO(sqlite, HM_VALUE(path, "readings.db"), HM_VALUE(table, "readings"),
        HM_SOURCE(mode, mode))
struct reading reading(int day, const char *place) {
    return (struct reading){day, place, day * 0.5};
}

HM_LOAD_FROM(sqlite, level, HM_VALUE(path, "readings.db"), HM_SOURCE(query, query))
double highest(size_t n, const double level[n]) {
    double highest = 0;
    for (size_t i = 0; i < n; i++) {
        highest = level[i] > highest ? level[i] : highest;
    }
    return highest;
}

HM_LOAD_FROM(sqlite, each, HM_SOURCE(path, file), HM_VALUE(table, "readings"))
int same_day(struct reading each) {
    return each.day;
}

HM_LOAD_FROM(sqlite, day, HM_SOURCE(path, file))
int neither(int day) {
    return day;
}

HM_SAVE_TO(sqlite, HM_SOURCE(path, file), HM_VALUE(table, "days"))
int next(int day) {
    return day + 1;
}
