// reflector.c — the door of the shared object.

#include <hamilton/export.h>
#include <hamilton/version.h>

#include "reflect/isolate.h"
#include "reflect/reflection.h"

extern HM_API const hm_reflector hm_reflector_entry __asm__("hm_reflector");

const hm_reflector hm_reflector_entry = {
        .version = HM_VERSION,
        .reflect = hm_reflect_isolated,
        .destroy = hm_reflection_destroy,
};
