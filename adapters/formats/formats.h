// formats.h — the formats that every driver has, a file for each or for those that are
// alike.

#ifndef HM_ADAPTERS_FORMATS_FORMATS_H
#define HM_ADAPTERS_FORMATS_FORMATS_H

#include <hamilton/data_format.h>

extern const hm_data_format hm_csv_format;
extern const hm_data_format hm_tsv_format;
extern const hm_data_format hm_ndjson_format;
extern const hm_data_format hm_json_format;
extern const hm_data_format hm_raw_format;
extern const hm_data_format hm_environment_format;

// The one parameter of those that are files.
extern const hm_format_parameter hm_path_parameter;

// `load_columns` and `save_columns` of a table in a file: path is the first argument.
hm_status hm_table_format_load(
        hm_format format, const hm_load *wanted, hm_loaded *loaded, hm_error *error);
hm_status hm_table_format_save(
        hm_format format, const hm_save *given, hm_data_facts *facts, hm_error *error);

#endif
