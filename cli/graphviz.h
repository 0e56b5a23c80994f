// graphviz.h — DOT text made a picture by Graphviz' `dot`.

#ifndef HM_CLI_GRAPHVIZ_H
#define HM_CLI_GRAPHVIZ_H

#include <stddef.h>
#include <stdint.h>

#include <hamilton/status.h>

#include "cli/session.h"

// Draws to a file, which appears whole or not at all. format is a name of dot's: "svg",
// "png", "pdf". Large graphs are laid out in a simpler way; what takes longer than
// limit_seconds is given up.
hm_status hm_graphviz_draw(hm_session *session, const char *dot, size_t length,
        uint32_t node_count, const char *format, const char *path,
        uint64_t limit_seconds);

#endif
