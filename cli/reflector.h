// reflector.h — the part that needs libclang: a shared object that is loaded when
// something must be reflected, and not before.

#ifndef HM_CLI_REFLECTOR_H
#define HM_CLI_REFLECTOR_H

#include <hamilton/status.h>

#include "base/digest.h"
#include "cli/compiler.h"
#include "cli/session.h"
#include "reflect/reflect.h"

// Refuses what is no C file, before libclang is loaded for it.
hm_status hm_reflector_check_source(hm_session *session, const char *path);

// Reflects a C file. The caller destroys *reflection with hm_reflector_destroy.
hm_status hm_reflector_run(hm_session *session, const hm_compiler *compiler,
        const char *path, hm_reflection **reflection);

// Accepts NULL.
void hm_reflector_destroy(hm_reflection *reflection);

// Adds to the digest which reflector this is, without loading it.
void hm_reflector_identify(hm_session *session, hm_digest *digest);

#endif
