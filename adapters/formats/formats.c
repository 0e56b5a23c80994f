// formats.c — the list of all formats here, and what is said to them.

#include "adapters/formats/formats.h"

#include <string.h>

static const hm_data_format *const formats[] = {
        &hm_csv_format,
        &hm_tsv_format,
        &hm_ndjson_format,
        &hm_json_format,
        &hm_raw_format,
        &hm_environment_format,
};

const hm_data_format *const *hm_data_formats(size_t *count) {
    *count = sizeof formats / sizeof *formats;
    return formats;
}

const hm_format_parameter hm_path_parameter = {
        "path", &hm_type_string, true, "of the file"};

const char *hm_argument_string(const hm_value *argument) {
    const char *text = NULL;
    if (argument->type != NULL) {
        memcpy(&text, hm_value_data(argument), sizeof text);
    }
    return text;
}

bool hm_argument_bool(const hm_value *argument, bool otherwise) {
    return argument->type != NULL ? *(const bool *)hm_value_data(argument) : otherwise;
}

int64_t hm_argument_int64(const hm_value *argument, int64_t otherwise) {
    int64_t number = otherwise;
    if (argument->type != NULL) {
        memcpy(&number, hm_value_data(argument), sizeof number);
    }
    return number;
}

double hm_argument_double(const hm_value *argument, double otherwise) {
    double number = otherwise;
    if (argument->type != NULL) {
        memcpy(&number, hm_value_data(argument), sizeof number);
    }
    return number;
}
