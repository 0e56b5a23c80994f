// fuzz_csv.c — any bytes as a table in CSV and TSV.

#include <stdint.h>

#include "tests/fuzz/data_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    hm_fuzz_table(HM_FORMAT_CSV, (const char *)data, size);
    hm_fuzz_table(HM_FORMAT_TSV, (const char *)data, size);
    return 0;
}
