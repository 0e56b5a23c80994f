// output.h — what goes to standard output, and in which format.

#ifndef HM_CLI_OUTPUT_H
#define HM_CLI_OUTPUT_H

#include <hamilton/results.h>
#include <hamilton/status.h>
#include <hamilton/table.h>

#include "cli/session.h"

typedef enum hm_output_format {
    HM_OUTPUT_TABLE,
    HM_OUTPUT_JSON,
    HM_OUTPUT_CSV,
} hm_output_format;

// What --format says, else a table on a terminal and JSON elsewhere.
hm_output_format hm_output_format_of(const hm_session *session);

// Prints those results that are ready.
hm_status hm_output_results(hm_session *session, const hm_results *results);

// Whether the file of --save can be one, to be known before a run.
hm_status hm_output_check_save(hm_session *session);

// --save: writes the arrays among the results as one table. Does nothing without it.
hm_status hm_output_save(hm_session *session, const hm_results *results);

// Pieces of JSON on standard output. text may be NULL and is null then.
void hm_output_json_text(const char *text);

// Names as a JSON array on one line.
void hm_output_json_names(const char *const *names, size_t count);

#endif
