// subjects.h — all adapters of the library, each in one row: how it is made, and what
// must be true of what it has to show after runs.

#ifndef HM_TESTS_ADAPTERS_TOGETHER_SUBJECTS_H
#define HM_TESTS_ADAPTERS_TOGETHER_SUBJECTS_H

#include <stddef.h>

#include <hamilton/adapter.h>

typedef struct hm_subject {
    const char *name;

    // Makes *self, and returns its adapter. Files go into the folder. NULL: it is of a
    // component that was not built.
    const hm_adapter *(*create)(void **self, const char *folder);

    // After some runs, of which each had `failed` nodes that fail. NULL: it shows
    // nothing.
    void (*check)(void *self, size_t run_count, size_t failed);

    void (*destroy)(void *self);
} hm_subject;

extern const hm_subject *const hm_subjects[];
extern const size_t hm_subject_count;

// In files of their own.
extern const hm_subject hm_otlp_subject;

#endif
