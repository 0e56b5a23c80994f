// recorder.h — adapters that write down what they are told, for the nodes of
// controlled.h:
//
//     hm_recorder outer;
//     hm_recorder_init(&outer, "A", NULL);
//     ... outer.adapter may be changed ...
//     ck_assert_str_eq(hm_recorder_text(), "A>a A<a=ok ");

#ifndef HM_TESTS_SUPPORT_RECORDER_H
#define HM_TESTS_SUPPORT_RECORDER_H

#include <stdatomic.h>

#include <hamilton/adapter.h>

typedef struct hm_recorder {
    hm_adapter adapter; // sees all nodes
    const char *only;   // the node that it wants, or NULL for all
    hm_want want;
    atomic_int before;
    atomic_int after;
    atomic_int failed;
    atomic_int skipped;
    atomic_int runs; // begun and not ended
} hm_recorder;

// Forgets what all of them wrote down. Before the first.
void hm_recorder_begin(void);

// An adapter of that name, of which only a node is wanted, or NULL for all.
void hm_recorder_init(hm_recorder *recorder, const char *name, const char *only);

// What all of them wrote down, a word each: `A>node` before, `A<node=status` after,
// `A!node` failed, `A-node=reason` skipped, `A[` and `A]status` of runs.
const char *hm_recorder_text(void);

// Adds a word of a test's own.
void hm_recorder_write(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
