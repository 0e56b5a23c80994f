// data_table.h — what the fuzz targets for tables have in common.

#ifndef HM_TESTS_FUZZ_DATA_TABLE_H
#define HM_TESTS_FUZZ_DATA_TABLE_H

#include <stddef.h>

#include <hamilton/table.h>

// Reads text as a table of a format. If it is one, its columns are printed in that
// format, which must read back as the same text; and one allocation fails, which must
// be a status.
void hm_fuzz_table(hm_format format, const char *text, size_t length);

#endif
