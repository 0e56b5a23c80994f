// HM_SAVE_TO: what functions make is saved behind all else that stands on them.

#include <stddef.h>

#include <hamilton/metadata.h>
#include <hamilton/modifiers.h>

struct point {
    int x;
    double y;
};

/** One value, or a column, as it is given. */
HM_SAVE_TO(json, HM_VALUE(path, "half.json"))
HM_SAVE_TO(csv, HM_VALUE(path, "half.csv"), HM_AS(half_table))
double half(double x) {
    return x / 2;
}

/** The columns of one table. */
HM_SAVE_TO(csv, HM_VALUE(path, "both.csv"))
void both(size_t n, const double x[n], double more[n], double less[n]) {
    for (size_t i = 0; i < n; i++) {
        more[i] = x[i] + 1;
        less[i] = x[i] - 1;
    }
}

HM_SAVE_TO(ndjson, HM_SOURCE(path, file))
struct point point(double x) {
    return (struct point){x > 0 ? (int)x : 0, x / 4};
}

HM_EXCLUDE
double negated(double x) {
    return -x;
}

/** What is saved went through checks and pipes. */
HM_SAVE_TO(tsv, HM_VALUE(path, "last.tsv"), HM_VALUE(column, "found"))
HM_PIPE_OUTPUT(HM_STEP(negated))
HM_CHECK_RANGE(0, 100, fail)
double last(double x) {
    return x;
}

HM_SAVE_TO(raw, HM_VALUE(path, "text.txt"))
const char *text(const char *said) {
    return said;
}

HM_INJECT(HM_SOURCE(of, "save.last"))
const char *schema(const struct hm_metadata *of) {
    return of->schema;
}
