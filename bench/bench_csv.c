// bench_csv.c — how long does it take to read a CSV file of two columns of numbers,
// with as many digits as doubles have? Beside it: only reading its bytes, and DuckDB,
// into a table and, without keeping the columns, into two sums.

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <hamilton/hamilton.h>
#include <hamilton/json.h>
#include <hamilton/table.h>

#include "bench/measure.h"
#include "bench/peer_csv.h"
#include "bench/program.h"

enum { THREADS = 2 };

#ifdef HM_HAS_DUCKDB
static const hm_csv_peer *const peer = &hm_csv_duckdb;
#else
static const hm_csv_peer *const peer = NULL;
#endif

static uint64_t state = 88172645463325252u;

static double random_double(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (double)(state >> 11) * 0x1p-53;
}

static bool write_file(const char *path, size_t row_count, hm_csv_sums *sums) {
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        return false;
    }
    fputs("a,b\n", file);
    for (size_t row = 0; row < row_count; row++) {
        double a = random_double();
        double b = random_double() * 1000;
        char text[HM_NUMBER_SIZE];
        hm_number_format(&hm_type_double, &a, text);
        fprintf(file, "%s,", text);
        hm_number_format(&hm_type_double, &b, text);
        fprintf(file, "%s\n", text);
        sums->a += a;
        sums->b += b;
    }
    bool is_written = ferror(file) == 0;
    return fclose(file) == 0 && is_written;
}

typedef struct trial {
    const char *path;
    hm_csv_sums expected; // in the order of the rows
    uint32_t threads;
    hm_table *table;
    void *database;
} trial;

static bool read_table(void *subject) {
    trial *ours = subject;
    const hm_column columns[] = {{"a", &hm_type_double}, {"b", &hm_type_double}};
    hm_table_options options = HM_TABLE_OPTIONS_INIT;
    options.path = ours->path;
    options.columns = columns;
    options.column_count = 2;
    options.thread_count = ours->threads;
    hm_error error;
    if (hm_table_read(&options, &ours->table, &error) != HM_OK) {
        fprintf(stderr, "%s\n", error.message);
        return false;
    }
    return true;
}

static void forget_table(void *subject) {
    trial *ours = subject;
    hm_table_destroy(ours->table);
    ours->table = NULL;
}

static bool read_bytes(void *subject) {
    const trial *ours = subject;
    static char buffer[1 << 18];
    int file = open(ours->path, O_RDONLY);
    ssize_t got;
    do {
        got = file < 0 ? -1 : read(file, buffer, sizeof buffer);
    } while (got > 0);
    close(file);
    return got == 0;
}

static bool read_database(void *subject) {
    trial *ours = subject;
    return peer->read(ours->database);
}

static bool sum_database(void *subject) {
    trial *ours = subject;
    hm_csv_sums sums;
    return peer->sum_file(ours->database, &sums);
}

// Sums in another order differ in their last bits.
static bool is_near(double a, double b) {
    return fabs(a - b) <= 1e-11 * fabs(b);
}

static bool is_right(const char *name, hm_csv_sums sums, hm_csv_sums expected) {
    bool is_equal = is_near(sums.a, expected.a) && is_near(sums.b, expected.b);
    if (!is_equal) {
        fprintf(stderr, "%s summed %.17g and %.17g, not %.17g and %.17g\n", name,
                sums.a, sums.b, expected.a, expected.b);
    }
    return is_equal;
}

static bool check_table(trial *ours) {
    if (!read_table(ours)) {
        return false;
    }
    const hm_array *a = &hm_table_find(ours->table, "a")->many;
    const hm_array *b = &hm_table_find(ours->table, "b")->many;
    hm_csv_sums sums = {0};
    for (size_t row = 0; row < a->length; row++) {
        sums.a += ((const double *)a->data)[row];
        sums.b += ((const double *)b->data)[row];
    }
    forget_table(ours);
    if (memcmp(&sums, &ours->expected, sizeof sums) != 0) {
        fprintf(stderr, "hamilton read other numbers than were written\n");
        return false;
    }
    return true;
}

static bool check_database(trial *ours) {
    hm_csv_sums sums = {0};
    hm_csv_sums of_file = {0};
    return peer->read(ours->database) && peer->sum(ours->database, &sums) &&
           peer->sum_file(ours->database, &of_file) &&
           is_right("duckdb", sums, ours->expected) &&
           is_right("duckdb_sum", of_file, ours->expected);
}

static bool measure(trial *ours, const char *name, bool is_quick) {
    trial alone = *ours;
    alone.threads = 1;
    const hm_system systems[] = {
            {"hamilton", read_table, forget_table, ours, THREADS},
            {"hamilton", read_table, forget_table, &alone, 1},
            {"floor", read_bytes, NULL, ours, 1},
            {"duckdb", read_database, NULL, ours, THREADS},
            {"duckdb_sum", sum_database, NULL, ours, THREADS},
    };
    return check_table(ours) && (peer == NULL || check_database(ours)) &&
           hm_measure(&(hm_measurement){.bench = "csv",
                              .name = name,
                              .unit = "ms",
                              .per_second = 1e3,
                              .rounds = HM_MEASURE_PAIRS,
                              .comparison = HM_RATIO_TO_ALL,
                              .systems = systems,
                              .system_count = peer != NULL ? 5 : 3},
                   is_quick);
}

static bool read_rows(const char *path, bool is_quick) {
    trial ours = {.path = path, .threads = THREADS};
    size_t row_count = is_quick ? 100000 : 10000000;
    if (!write_file(path, row_count, &ours.expected)) {
        return false;
    }
    if (peer != NULL && (ours.database = peer->create(path, THREADS)) == NULL) {
        fprintf(stderr, "duckdb cannot be opened\n");
        return false;
    }
    bool is_done = measure(&ours, is_quick ? "csv_100k_2" : "csv_10m_2", is_quick);
    if (peer != NULL) {
        peer->destroy(ours.database);
    }
    return is_done;
}

int main(int argument_count, char **arguments) {
    bool is_quick = hm_measure_is_quick(argument_count, arguments);
    hm_workplace workplace;
    if (!hm_workplace_init(&workplace)) {
        return EXIT_FAILURE;
    }
    char *path = hm_workplace_path(&workplace, "numbers.csv");
    bool is_done = path != NULL && read_rows(path, is_quick);
    free(path);
    hm_workplace_finish(&workplace);
    return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}
