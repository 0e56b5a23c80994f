// surroundings.h — what stands outside of all functions, is named by none, and still
// decides what they do: pragmas, assembly at file scope, functions that run when a
// module is loaded.

#ifndef HM_REFLECT_SURROUNDINGS_H
#define HM_REFLECT_SURROUNDINGS_H

#include "base/digest.h"
#include "reflect/source.h"

// Adds it to the version of a function or a type; most sources have nothing of it.
void hm_surroundings_add(hm_digest *digest, hm_source *source);

#endif
