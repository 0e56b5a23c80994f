// format.c — see format.h.

#include "adapters/table/format.h"

#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/json_scan.h"

hm_status hm_format_check(hm_format format, hm_error *error) {
    return (unsigned)format <= HM_FORMAT_NDJSON
                   ? HM_OK
                   : hm_error_set(error, HM_BAD_ARGUMENT,
                             "%u is no format of <hamilton/table.h>", (unsigned)format);
}

hm_status hm_format_of_path(const char *path, hm_format *format, hm_error *error) {
    static const struct {
        const char *suffix;
        hm_format format;
    } known[] = {
            {".csv", HM_FORMAT_CSV},
            {".tsv", HM_FORMAT_TSV},
            {".json", HM_FORMAT_JSON},
            {".ndjson", HM_FORMAT_NDJSON},
            {".jsonl", HM_FORMAT_NDJSON},
    };
    if (*format != HM_FORMAT_BY_SUFFIX) {
        return HM_OK;
    }
    const char *slash = strrchr(path, '/');
    const char *suffix = strrchr(slash != NULL ? slash : path, '.');
    for (size_t i = 0; suffix != NULL && i < sizeof known / sizeof *known; i++) {
        if (strcasecmp(suffix, known[i].suffix) == 0) {
            *format = known[i].format;
            return HM_OK;
        }
    }
    return hm_error_set(error, HM_BAD_ARGUMENT,
            "the name must end in .csv, .tsv, .json or .ndjson to tell the format");
}

hm_format hm_format_of_text(const char *text, size_t length) {
    hm_json_scan scan;
    hm_json_scan_init(&scan, text, length, NULL);
    switch (hm_json_peek(&scan)) {
    case HM_JSON_ARRAY:
        return HM_FORMAT_JSON;
    case HM_JSON_OBJECT:
        return hm_json_skip(&scan, NULL) && hm_json_peek(&scan) == HM_JSON_OBJECT
                       ? HM_FORMAT_NDJSON
                       : HM_FORMAT_JSON;
    default:
        return HM_FORMAT_CSV;
    }
}
