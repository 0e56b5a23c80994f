// isolate.h — reflection in a process of its own. The parser recurses over what it
// reads, so that a source that nests deeply enough ends its process: then that is a
// fault of the source, and not the end of the caller.

#ifndef HM_REFLECT_ISOLATE_H
#define HM_REFLECT_ISOLATE_H

#include "reflect/reflect.h"

// As hm_reflect_here. A source on which the parser works for more than a minute is
// refused too. Where no process can be made, it all happens in this one.
hm_reflect_function hm_reflect_isolated;

#endif
