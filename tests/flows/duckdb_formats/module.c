// A Parquet file that one function saves and another one loads.

#include <stddef.h>

#include <hamilton/modifiers.h>

struct reading {
    int day;
    double level;
};

HM_SAVE_TO(parquet, HM_VALUE(path, "readings.parquet"))
struct reading reading(int day) {
    return (struct reading){day, day * 0.5};
}

HM_LOAD_FROM(parquet, level, HM_SOURCE(path, file))
double highest(size_t n, const double level[n]) {
    double highest = 0;
    for (size_t i = 0; i < n; i++) {
        highest = level[i] > highest ? level[i] : highest;
    }
    return highest;
}

HM_LOAD_FROM(parquet, each, HM_SOURCE(path, file))
int same_day(struct reading each) {
    return each.day;
}

HM_SAVE_TO(duckdb, HM_VALUE(database, "days.duckdb"), HM_VALUE(table, "days"),
        HM_SOURCE(mode, mode))
double half(int day) {
    return day * 0.5;
}

HM_LOAD_FROM(duckdb, half, HM_SOURCE(database, database), HM_VALUE(table, "days"))
double doubled(double half) {
    return half * 2;
}

HM_LOAD_FROM(duckdb, level, HM_SOURCE(query, query))
double level(double level) {
    return level;
}

HM_LOAD_FROM(duckdb, day, HM_VALUE(table, "days"))
int nowhere(int day) {
    return day;
}

HM_SAVE_TO(duckdb, HM_SOURCE(database, database), HM_VALUE(table, "days"))
int next(int day) {
    return day + 1;
}
