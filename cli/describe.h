// describe.h — nodes and inputs of a graph, listed with all that is known of them.

#ifndef HM_CLI_DESCRIBE_H
#define HM_CLI_DESCRIBE_H

#include <stddef.h>
#include <stdint.h>

#include <hamilton/graph.h>
#include <hamilton/status.h>

#include "cli/session.h"

// Prints these nodes in the session's format.
hm_status hm_describe_nodes(
        hm_session *session, const hm_graph *graph, const uint32_t *ids, size_t count);

// Prints a node as an object on one line.
hm_status hm_describe_as_json(
        hm_session *session, const hm_graph *graph, const hm_node *node);

// "owner=ads, unit=usd|day", or NULL: memory ran out.
const char *hm_describe_tags(hm_session *session, const hm_node *node);

// "double[n]": what a node is, as its declaration has it, or NULL: memory ran out.
const char *hm_describe_type(hm_session *session, const hm_node *node);

// The same of a field.
const char *hm_describe_field(hm_session *session, const hm_field *field);

// The file in which it stands.
const char *hm_describe_file(const hm_node *node);

// The stem of a module's file: what it is called in listings.
const char *hm_describe_module(hm_session *session, const hm_module *module);

#endif
