// wording.h — what a declaration or a macro says, by its tokens.

#ifndef HM_REFLECT_WORDING_H
#define HM_REFLECT_WORDING_H

#include "reflect/entities.h"

// Digests the tokens of an entity, comments, white space and modifiers aside, and notes
// the macros that it uses. False if memory ran out.
bool hm_wording_read(hm_entities *entities, uint32_t entity);

#endif
