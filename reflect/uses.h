// uses.h — what a declaration uses, by its syntax tree.

#ifndef HM_REFLECT_USES_H
#define HM_REFLECT_USES_H

#include "reflect/entities.h"

// Notes what the entity, which is a declaration, uses, and which variables it writes.
void hm_uses_read(hm_entities *entities, uint32_t entity);

#endif
