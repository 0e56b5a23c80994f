// python.h — numpy and pandas as peers: a process of theirs that computes whenever it
// is told to, see python.py.

#ifndef HM_BENCH_COLUMNS_PYTHON_H
#define HM_BENCH_COLUMNS_PYTHON_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/program.h"

typedef struct hm_python hm_python;

// The library for a case; both are words of python.py. Its inputs are in the workplace.
// NULL if there is no Python here that has the library; the bench is one peer short
// then.
hm_python *hm_python_start(const char *library, const char *name,
        const hm_workplace *workplace, size_t row_count);

// Ends the process. Accepts NULL.
void hm_python_end(hm_python *python);

// Computes once; what an hm_system runs. False if the process is gone.
bool hm_python_run(void *python);

// Computes, and writes all outputs into the workplace.
bool hm_python_save(hm_python *python);

#endif
