// wanted.h — how a plan is called where several report to one place: by what its
// request wants.

#ifndef HM_BASE_WANTED_H
#define HM_BASE_WANTED_H

#include <hamilton/adapter.h>

#include "base/text.h"

// Appends `price,tax`, or `price,tax,+12` where there are too many.
void hm_wanted_names(hm_text *text, const hm_planned *planned);

#endif
