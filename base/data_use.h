// data_use.h — HM_LOAD_FROM(format, parameter, binding, ...) and HM_SAVE_TO(format,
// binding, ...): what they say, taken apart. The reflector checks those of a source,
// the graph those of tables that anybody may have filled; of formats, which are the
// driver's, only the graph knows.

#ifndef HM_BASE_DATA_USE_H
#define HM_BASE_DATA_USE_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/module.h>

#include "base/bindings.h"
#include "base/refusal.h"

typedef struct hm_data_use {
    const char *macro;        // "HM_LOAD_FROM"
    const char *format;       // its name
    const char *parameter;    // of the function, that is loaded; NULL of HM_SAVE_TO
    const char *column;       // that HM_VALUE(column, "name") asks for, or NULL
    const char *node;         // that HM_AS(name) asks for, or NULL
    const hm_argument *items; // all of these, and bindings of the format's parameters
    size_t item_count;
} hm_data_use;

bool hm_is_load_from(const hm_modifier *modifier);
bool hm_is_save_to(const hm_modifier *modifier);

// What a modifier of either kind and sound form says.
hm_data_use hm_data_use_read(const hm_modifier *modifier);

// Whether an item binds a parameter of the format.
bool hm_data_use_binds(const hm_argument *item);

// Refuses what is wrong whatever the format is, and a parameter that the function does
// not take, or takes from elsewhere. modifiers: all of the function's. True if nothing
// was refused.
bool hm_data_use_check(const hm_modifier *modifier, const hm_bindings *function,
        const hm_modifier *modifiers, size_t modifier_count, hm_refuse *refuse,
        void *context);

// HM_LOADER and HM_SAVER: on functions that load or save themselves.
bool hm_is_loader(const hm_modifier *modifier);
bool hm_is_saver(const hm_modifier *modifier);

// The output of a loader, beside its own, that is a struct hm_metadata, or NULL.
const hm_output *hm_loader_metadata(
        const char *function, const hm_output *outputs, size_t output_count);

// Refuses either of them on a function that does not make what it must.
void hm_data_maker_check(const hm_modifier *modifier, const char *function,
        const hm_output *outputs, size_t output_count, hm_refuse *refuse,
        void *context);

#endif
