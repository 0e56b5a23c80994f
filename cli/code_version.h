// code_version.h — the versions of the code behind a graph's nodes.

#ifndef HM_CLI_CODE_VERSION_H
#define HM_CLI_CODE_VERSION_H

#include <stddef.h>

#include <hamilton/graph.h>
#include <hamilton/status.h>

#include "base/digest.h"
#include "cli/session.h"

typedef struct hm_code_version {
    const char *name;
    const char *version; // NULL if the module does not tell
} hm_code_version;

// The computed nodes, sorted by name, in the session's memory; names and versions are
// the graph's.
hm_status hm_code_versions(hm_session *session, const hm_graph *graph,
        hm_code_version **nodes, size_t *count);

// The version of all of them together.
hm_status hm_code_versions_digest(hm_session *session, const hm_code_version *nodes,
        size_t count, char digest[HM_DIGEST_SIZE]);

#endif
