// fuzz_json_table.c — any bytes as a table in JSON and NDJSON.

#include <stdint.h>

#include "tests/fuzz/data_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    hm_fuzz_table(HM_FORMAT_JSON, (const char *)data, size);
    hm_fuzz_table(HM_FORMAT_NDJSON, (const char *)data, size);
    return 0;
}
