// HM_LOADER and HM_SAVER: functions that load and save themselves.

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <hamilton/metadata.h>
#include <hamilton/modifiers.h>
#include <hamilton/node.h>

enum { MOST = 100 };

/** The numbers of a file, one a line. */
HM_LOADER
int numbers(const char *path, double **out, size_t *count, struct hm_metadata *metadata) {
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return hm_fail("%s: cannot open it", path);
    }
    *out = malloc(MOST * sizeof **out);
    *count = 0;
    while (*out != NULL && *count < MOST && fscanf(file, "%lf", &(*out)[*count]) == 1) {
        ++*count;
    }
    fclose(file);
    *metadata = (struct hm_metadata){.format = "lines",
            .source = path,
            .rows = (long)*count,
            .schema = "numbers double",
            .content = ""};
    return *out == NULL;
}

/** Another one, whose metadata have another name. */
HM_LOADER
double one(const char *path, struct hm_metadata *metadata) {
    *metadata = (struct hm_metadata){
            .format = "", .source = path, .rows = 1, .schema = "", .content = ""};
    return 1;
}

double twice(double numbers) {
    return 2 * numbers;
}

HM_INJECT(HM_SOURCE(of, "numbers.loader"))
long row_count(const struct hm_metadata *of) {
    return of->rows;
}

/** Writes them, one a line. */
HM_SAVER
int lines(size_t n, const double twice[n], const char *target, struct hm_metadata *out) {
    FILE *file = fopen(target, "w");
    if (file == NULL) {
        return hm_fail("%s: cannot open it", target);
    }
    for (size_t i = 0; i < n; i++) {
        fprintf(file, "%g\n", twice[i]);
    }
    *out = (struct hm_metadata){.format = "lines",
            .source = target,
            .rows = (long)n,
            .schema = "",
            .content = ""};
    return fclose(file) != 0;
}
