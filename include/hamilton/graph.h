// graph.h — look at a dataflow without running it: its nodes and inputs, who needs
// whom, a drawing.
//
//     const hm_graph *graph = hm_driver_graph(driver);
//     for (uint32_t id = 0; id < hm_graph_node_count(graph); id++) {
//         hm_node node = hm_graph_describe(graph, id);
//         printf("%s\n", node.name);
//     }
//
// A graph never changes: any thread, for all of these. What is returned by value points
// into the graph and its modules.

#ifndef HAMILTON_GRAPH_H
#define HAMILTON_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/export.h>
#include <hamilton/module.h>
#include <hamilton/status.h>
#include <hamilton/type.h>
#include <hamilton/value.h>
#include <hamilton/write.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hm_graph hm_graph;

/// What HM_TAG or HM_TAG_OUTPUT said: a key and its values.
typedef struct hm_tag {
    const char *key;
    const hm_argument *values;
    size_t value_count;
} hm_tag;

/// A node that a function computes, or an input.
typedef struct hm_node {
    const char *name;
    const hm_type *type;     ///< of one element
    bool is_input;           ///< config values are inputs too
    bool is_array;           ///< by declaration, before anything is mapped
    bool is_optional;        ///< an input that every reader has a default for
    bool is_config;          ///< an input whose value config gives
    const hm_module *module; ///< of the function; for an input, of its first reader,
                             ///< or of the function that config replaced
    const hm_function *function;   ///< that computes it; NULL for an input. The
                                   ///< module's, or what modifiers made of it
    const hm_parameter *parameter; ///< of an input: its first reader's; else NULL
    uint32_t line;                 ///< of the same function as module
    const uint32_t *dependencies;  ///< nodes, one per parameter of the function;
                                   ///< HM_NONE: it is bound to its default_value
    uint32_t dependency_count;
    const hm_tag *tags; ///< in the order in which they stand; no key twice
    uint32_t tag_count;
    const hm_function *declared; ///< what `function` was made of, in the module; NULL
                                 ///< for an input
    const hm_modifier *made_by;  ///< the modifier that generated the node, as
                                 ///< HM_PARAMETERIZE does; NULL: the function itself
                                 ///< makes it
    bool is_aside; ///< stands beside what is meant, made by modifiers for who asks:
                   ///< what checks found, the last step of a pipe under its own name,
                   ///< and metadata of what was loaded
    const char *dimension; ///< the length of an array, as its function calls it or, of
                           ///< an input, its first reader that takes one; else NULL
} hm_node;

/// Nodes are numbered from 0 in topological order: dependencies before dependants.
HM_API uint32_t hm_graph_node_count(const hm_graph *graph);
HM_API hm_node hm_graph_describe(const hm_graph *graph, uint32_t id);

/// The node or input of this name, or HM_NONE.
HM_API uint32_t hm_graph_find(const hm_graph *graph, const char *name);

/// Why nobody makes a node of this name although functions could: the variants, their
/// conditions and what config has. NULL if that is not so. The name may be an input's.
HM_API const char *hm_graph_absent(const hm_graph *graph, const char *name);

/// The known name that is nearest to this one, or NULL if none is near.
HM_API const char *hm_graph_nearest(const hm_graph *graph, const char *name);

/// A modifier that had a part in a node.
typedef struct hm_applied {
    const hm_modifier *modifier;
    const hm_function *on; ///< that it stands on: its line is in that function's file
    const char *phase;     ///< "conditions", "maker", "expansion", "inputs", "fields",
                           ///< "checks", "outputs" or "metadata", in this order
} hm_applied;

/// The modifiers that made a node what it is, in the order in which they applied, which
/// is not the one in which they stand; before them those that make the subdags which
/// the node is in, the outermost first. Writes no more than there is room for, and
/// returns how many there are; 0 for an input.
HM_API size_t hm_graph_applied(
        const hm_graph *graph, uint32_t id, hm_applied *applied, size_t room);

/// The parameter of the node's declared function that parameter `index` of its function
/// is for: another name is bound to it, or it is an array and this one of its elements.
/// NULL where modifiers made the function of something else, as a field's.
HM_API const hm_parameter *hm_graph_declared_parameter(
        const hm_graph *graph, uint32_t id, uint32_t index);

/// What a node's tags are asked: whether it has the key and, if there are values, one
/// of them. A value is one text, number or bool, or JSON text of such; 3 is 3.0, and
/// neither is "3". Borrowed.
typedef struct hm_tag_query {
    const char *key;
    const hm_value *values;
    size_t value_count;
} hm_tag_query;

/// Marks the nodes for which all queries hold: tagged[id] becomes true; others are left
/// alone. tagged has an element per node. HM_BAD_ARGUMENT if a query has no key or a
/// value is none of those.
HM_API HM_MUST_CHECK hm_status hm_graph_find_tagged(const hm_graph *graph,
        const hm_tag_query *queries, size_t query_count, bool *tagged, hm_error *error);

typedef enum hm_direction {
    HM_UPSTREAM,
    HM_DOWNSTREAM,
} hm_direction;

/// Marks what can be reached from the given nodes, themselves included: reached[id]
/// becomes true; others are left alone. reached has an element per node. What lies
/// between two nodes is what is both downstream of the one and upstream of the other.
/// HM_BAD_ARGUMENT if a node is not there.
HM_API HM_MUST_CHECK hm_status hm_graph_reach(const hm_graph *graph,
        const uint32_t *ids, size_t id_count, hm_direction direction, bool *reached);

typedef enum hm_orientation {
    HM_LEFT_TO_RIGHT,
    HM_TOP_TO_BOTTOM,
} hm_orientation;

/// What to draw. Borrowed.
typedef struct hm_drawing {
    size_t struct_size;
    const bool *shown;           ///< an element per node, or NULL for all
    const uint32_t *highlighted; ///< nodes drawn as outputs
    size_t highlighted_count;
    hm_orientation orientation;
    bool hide_inputs;
    bool show_legend;
    bool show_fields;  ///< of nodes whose type is a struct
    bool show_modules; ///< a frame around what each module computes
} hm_drawing;

#define HM_DRAWING_INIT                                                                \
    { .struct_size = sizeof(hm_drawing) }

/// Writes the drawing as Graphviz' DOT text, the same for the same graph. HM_IO if
/// write ended it.
HM_API HM_MUST_CHECK hm_status hm_graph_draw(
        const hm_graph *graph, const hm_drawing *drawing, hm_write *write, void *to);

#ifdef __cplusplus
}
#endif

#endif
