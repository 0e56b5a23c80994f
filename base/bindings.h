// bindings.h — HM_SOURCE(parameter, node), HM_VALUE(parameter, literal) and
// HM_GROUP(parameter, node or literal, ...): what modifiers bind parameters to. The
// reflector checks those of a source, the graph those of tables that anybody may have
// filled.

#ifndef HM_BASE_BINDINGS_H
#define HM_BASE_BINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/module.h>

#include "base/refusal.h"

// The bindings of one modifier.
typedef struct hm_bindings {
    const char *macro;    // "HM_INJECT"; NULL: messages do not name it
    const char *function; // its name
    const hm_parameter *parameters;
    size_t parameter_count;
    const hm_argument *items;
    size_t count;

    const hm_output *outputs;
    size_t output_count;
    bool renames_output; // the function's only one, to a name that the modifier gives
    bool is_async;       // the function
} hm_bindings;

enum {
    HM_GROUP_FRAME = 4096, // bytes of all arguments of a function that takes groups
    HM_GROUP_ALIGNMENT = 64,
};

// Bytes and alignment of a slot as <hamilton/module.h> has them.
typedef struct hm_bound_size {
    uint32_t bytes;
    uint32_t alignment;
} hm_bound_size;

hm_bound_size hm_bound_size_of_parameter(const hm_parameter *parameter);
hm_bound_size hm_bound_size_of_output(const hm_output *output);

// The place of a slot behind *end, which moves behind it.
uint32_t hm_bound_place(uint32_t *end, hm_bound_size size);

// Whether a binding is HM_VALUE, or HM_GROUP. Of those that follow, the bindings are
// sound.
bool hm_binding_is_value(const hm_argument *binding);
bool hm_binding_is_group(const hm_argument *binding);

// Whether a member of a group of this type is a node or an input; else it is a literal.
// Text in quotes is a name too, where it cannot be text.
bool hm_binding_names_node(const hm_argument *member, const hm_type *type);

// The index of the parameter that a binding is for, or HM_NONE.
uint32_t hm_binding_parameter(const hm_bindings *bindings, const hm_argument *binding);

// Refuses a name that is no parameter's.
void hm_bindings_refuse_unknown(const hm_bindings *bindings, const char *name,
        hm_refuse *refuse, void *context);

// Refuses bindings that are none, that are for no parameter or for one that is bound
// already, literals that its type cannot hold, and outputs that cannot be renamed.
void hm_bindings_check(const hm_bindings *bindings, hm_refuse *refuse, void *context);

#endif
