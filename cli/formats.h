// formats.h — the data formats that modules name and components have: a component is
// loaded when one of its formats is named, and not before.

#ifndef HM_CLI_FORMATS_H
#define HM_CLI_FORMATS_H

#include <stddef.h>

#include <hamilton/driver.h>
#include <hamilton/module.h>

#include "cli/session.h"

// Adds to a driver's options the formats of components that modules name.
hm_status hm_formats_load(hm_session *session, const hm_module *const *modules,
        size_t module_count, hm_driver_options *options);

#endif
