// bindings.h — HM_SOURCE(parameter, node) and HM_VALUE(parameter, literal): what
// modifiers bind parameters of a function to. The reflector checks those of a source,
// the graph those of tables that anybody may have filled.

#ifndef HM_BASE_BINDINGS_H
#define HM_BASE_BINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/module.h>

// The bindings of one modifier.
typedef struct hm_bindings {
    const char *macro;    // "HM_INJECT"
    const char *function; // its name
    const hm_parameter *parameters;
    size_t parameter_count;
    const hm_argument *items;
    size_t count;

    // Of a modifier that gives its function's only output another name; else NULL.
    const hm_output *outputs;
    size_t output_count;
} hm_bindings;

// Whether a binding is HM_VALUE. Of those that follow, the bindings are sound.
bool hm_binding_is_value(const hm_argument *binding);

// The index of the parameter that a binding is for, or HM_NONE.
uint32_t hm_binding_parameter(const hm_bindings *bindings, const hm_argument *binding);

// Says what is wrong; both texts end with the call.
typedef void hm_bindings_refuse(void *context, const char *mend, const char *message);

// Refuses bindings that are none, that are for no parameter or for one that is bound
// already, literals that its type cannot hold, and outputs that cannot be renamed.
void hm_bindings_check(
        const hm_bindings *bindings, hm_bindings_refuse *refuse, void *context);

#endif
