// reflection.h — how a reflection is made and ends.

#ifndef HM_REFLECT_REFLECTION_H
#define HM_REFLECT_REFLECTION_H

#include "reflect/reflect.h"

// A copy with all its texts. The caller destroys *copy.
hm_status hm_reflection_copy(const hm_reflection *reflection, hm_reflection **copy);

// Accepts NULL.
void hm_reflection_destroy(hm_reflection *reflection);

// Reflects in this process, see isolate.h.
hm_reflect_function hm_reflect_here;

#endif
