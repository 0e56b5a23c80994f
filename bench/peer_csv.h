// peer_csv.h — another reader of CSV files, if this program was built with it: DuckDB.

#ifndef HM_BENCH_PEER_CSV_H
#define HM_BENCH_PEER_CSV_H

#include <stdbool.h>

// The sums of the columns a and b, doubles both, of the file that is read.
typedef struct hm_csv_sums {
    double a;
    double b;
} hm_csv_sums;

typedef struct hm_csv_peer {
    // On so many threads. NULL if it cannot be had.
    void *(*create)(const char *path, int thread_count);
    bool (*read)(void *subject);                        // into a table in memory
    bool (*sum)(void *subject, hm_csv_sums *sums);      // of that table
    bool (*sum_file)(void *subject, hm_csv_sums *sums); // without keeping the columns
    void (*destroy)(void *subject);                     // accepts NULL
} hm_csv_peer;

extern const hm_csv_peer hm_csv_duckdb;

#endif
