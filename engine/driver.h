// driver.h — what the engine's other files need of a driver.

#ifndef HM_ENGINE_DRIVER_H
#define HM_ENGINE_DRIVER_H

#include <hamilton/driver.h>

// Copies what this version knows of a request that may have been made with an older or
// newer header. Fails if it is not initialised.
hm_status hm_request_read(
        const hm_request *request, hm_request *known, hm_error *error);

#endif
