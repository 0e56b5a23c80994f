// inclusions.h — which files were included, and which would have been instead.

#ifndef HM_REFLECT_INCLUSIONS_H
#define HM_REFLECT_INCLUSIONS_H

#include <stddef.h>

#include "reflect/reflect.h"
#include "reflect/source.h"

typedef struct hm_inclusions {
    hm_source *source;
    const hm_reflect_options *options;
    const char **files; // absolute, that of the source itself too
    size_t file_count;
    const char **absent;
    size_t absent_count;
} hm_inclusions;

// Lists them in the memory of the source, which notes it if that runs out.
void hm_inclusions_list(hm_inclusions *inclusions, hm_source *source,
        const hm_reflect_options *options);

#endif
