// code_version.c — see code_version.h.

#include "cli/code_version.h"

#include <stdlib.h>
#include <string.h>

static int compare_names(const void *a, const void *b) {
    return strcmp(
            ((const hm_code_version *)a)->name, ((const hm_code_version *)b)->name);
}

hm_status hm_code_versions(hm_session *session, const hm_graph *graph,
        hm_code_version **nodes, size_t *count) {
    uint32_t node_count = hm_graph_node_count(graph);
    hm_code_version *versions =
            hm_arena_array(&session->arena, node_count, sizeof *versions);
    if (versions == NULL) {
        return hm_session_no_memory(session);
    }
    size_t used = 0;
    for (uint32_t id = 0; id < node_count; id++) {
        hm_node node = hm_graph_describe(graph, id);
        if (!node.is_input) {
            versions[used++] = (hm_code_version){node.name, node.function->version};
        }
    }
    qsort(versions, used, sizeof *versions, compare_names);
    *nodes = versions;
    *count = used;
    return HM_OK;
}

hm_status hm_code_versions_digest(hm_session *session, const hm_code_version *nodes,
        size_t count, char digest[HM_DIGEST_SIZE]) {
    hm_digest *state = hm_digest_create();
    if (state == NULL) {
        return hm_session_no_memory(session);
    }
    for (size_t i = 0; i < count; i++) {
        hm_digest_add_text(state, nodes[i].name);
        hm_digest_add_text(state, nodes[i].version != NULL ? nodes[i].version : "");
    }
    hm_digest_get(state, digest);
    hm_digest_destroy(state);
    return HM_OK;
}
