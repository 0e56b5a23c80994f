// version.h — what entities are, all that they reach included.

#ifndef HM_REFLECT_VERSION_H
#define HM_REFLECT_VERSION_H

#include "reflect/entities.h"

// Fills version and writer of every entity. False if memory ran out.
bool hm_version_compute(hm_entities *entities);

#endif
