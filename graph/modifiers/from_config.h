// from_config.h — HM_PARAMETERIZE_FROM_CONFIG: what config says is read as the
// HM_PARAMETERIZE that it stands for.

#ifndef HM_GRAPH_MODIFIERS_FROM_CONFIG_H
#define HM_GRAPH_MODIFIERS_FROM_CONFIG_H

#include <hamilton/status.h>

#include "graph/build.h"

// Gives a definition the modifiers that config has for it. Does nothing if its function
// asks for none; what is wrong with config is reported, and the definition then makes
// nothing.
hm_status hm_from_config_read(hm_build *build, hm_definition *definition);

#endif
