// processor.h — whether this machine has the processor features that a module was built
// for.

#ifndef HM_ENGINE_PROCESSOR_H
#define HM_ENGINE_PROCESSOR_H

#include <stdbool.h>
#include <stddef.h>

// features is a list of names with spaces between, as the compiler's -m options call
// them. False if one is missing; its name is then in `missing`, cut to size. Names that
// this library does not know count as present.
bool hm_processor_has(const char *features, char *missing, size_t size);

#endif
