// processor.h — whether this machine has the processor features that a module was built
// for.

#ifndef HM_ENGINE_PROCESSOR_H
#define HM_ENGINE_PROCESSOR_H

#include <stdbool.h>
#include <stddef.h>

// features is a list of names of base/processor_features.h with spaces between. False
// if one is missing, or unknown; its name is then in `missing`, cut to size.
bool hm_processor_has(const char *features, char *missing, size_t size);

#endif
