// position.h — code that says where it stands: __LINE__ and __FILE__. What it computes
// changes with its position, which its tokens do not tell.

#ifndef HM_REFLECT_POSITION_H
#define HM_REFLECT_POSITION_H

#include "base/digest.h"
#include "reflect/entities.h"

// Adds to the digest where a token stands, if it says that.
void hm_position_add_token(hm_digest *digest, hm_source *source,
        const hm_source_file *file, const hm_token *token);

// The same for what a macro is expanded to at an offset of a file, if its body says it,
// perhaps by way of other macros.
void hm_position_add_expansion(hm_digest *digest, hm_entities *entities, uint32_t macro,
        const hm_source_file *file, uint32_t offset);

#endif
