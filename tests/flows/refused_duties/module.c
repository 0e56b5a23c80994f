#include <stdint.h>
#include <stdio.h>

#include <hamilton/modifiers.h>

struct model {
    int *owned;
};

HM_WRITES void writes_and_says_nothing(const struct model *model, FILE *to) {
    fputc(*model->owned, to);
}

HM_WRITES int changes_what_it_writes(struct model *model, FILE *to) {
    return fputc(*model->owned, to) == EOF;
}

HM_WRITES int writes_to_nothing(const struct model *model) {
    return *model->owned;
}

HM_READS struct model *reads_a_name(const char *name) {
    return name[0] != '\0' ? NULL : NULL;
}

HM_READS struct model reads_by_value(FILE *from) {
    (void)from;
    return (struct model){0};
}

HM_READS struct model *reads_what_nothing_writes(FILE *from) {
    (void)from;
    return NULL;
}

HM_READS struct model *reads_as_well(FILE *from) {
    (void)from;
    return NULL;
}

HM_HASHES int hashes_to_little(const struct model *model) {
    return *model->owned;
}

struct other {
    int *owned;
};

HM_WRITES int other_write(const struct other *other, FILE *to) {
    return fputc(*other->owned, to) == EOF;
}

HM_READS struct other *other_read(FILE *from) {
    (void)from;
    return NULL;
}

HM_HASHES HM_TAG(owner, "us")
uint64_t other_hash(const struct other *other) {
    return (uint64_t)*other->owned;
}

int x(int y) {
    return y;
}
