// formats.h — the formats of the driver while a graph is built: found by name, and as
// parameters of a function that they implement.

#ifndef HM_GRAPH_FORMATS_H
#define HM_GRAPH_FORMATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/data_format.h>
#include <hamilton/status.h>

#include "base/data_use.h"
#include "graph/build.h"

// Reports formats of the options that nothing can be done with.
hm_status hm_formats_check(hm_build *build);

// The format of this name, or NULL.
const hm_data_format *hm_format_find(const hm_build *build, const char *name);

// Whether data go by columns: if the format knows no other way, or one is asked for.
bool hm_format_is_table(
        const hm_data_format *format, const hm_data_use *use, hm_data_way way);

// A value that goes this way, as a declaration has it.
typedef struct hm_formatted {
    const char *name;
    const hm_type *type;
    bool is_array;
    hm_pass pass;
} hm_formatted;

// Whether fields of a value are columns.
bool hm_format_takes_fields(const hm_data_format *format, const hm_data_use *use,
        hm_data_way way, const hm_formatted *value);

// Refuses formats that are not there or do not go this way, parameters that they miss
// or do not have, and a value that they do not accept. True if nothing was refused.
// function: of whose modifier it is.
bool hm_format_check_use(const hm_build *build, const hm_data_use *use, hm_data_way way,
        const hm_formatted *value, const char *function, hm_refuse *refuse,
        void *context);

// The parameters of a function that does what a use says.
typedef struct hm_format_call {
    hm_parameter *parameters;
    bool *is_bound;
    uint32_t
            *arguments; // by parameter, the first `before` aside: which of the format's
    uint32_t count;
} hm_format_call;

// Binds them, with room for others before them. The use has been checked.
hm_status hm_format_bind(hm_build *build, const hm_data_format *format,
        const hm_data_use *use, uint32_t before, hm_format_call *call);

// The code version of what uses a format so.
hm_status hm_format_version(hm_build *build, const hm_data_format *format,
        const hm_data_use *use, const char *also, const char **version);

// A tag of one key and the format's name.
hm_status hm_format_tag(
        hm_build *build, const hm_data_format *format, const char *key, hm_tags *tags);

#endif
