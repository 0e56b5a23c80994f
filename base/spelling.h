// spelling.h — modifiers as they are written in C.

#ifndef HM_BASE_SPELLING_H
#define HM_BASE_SPELLING_H

#include <hamilton/module.h>

#include "base/text.h"

// Appends HM_TAG(owner, "growth"): names bare, strings in quotes.
void hm_spell_modifier(hm_text *text, const hm_modifier *modifier);

#endif
