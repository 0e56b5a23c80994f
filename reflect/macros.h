// macros.h — the preprocessor's record of a source: which macros there are, and where
// they and included files are used.

#ifndef HM_REFLECT_MACROS_H
#define HM_REFLECT_MACROS_H

#include <clang-c/Index.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/names.h"
#include "reflect/source.h"

typedef struct hm_macro {
    const char *name;
    hm_span span;     // from its name to the end of its body
    bool is_users;    // defined in a file that is not the system's
    bool is_flag;     // defined by -D
    uint32_t earlier; // an earlier definition of the same name, or HM_NONE
} hm_macro;

// Something that happens at an offset of a file.
typedef struct hm_event {
    uint32_t file;
    uint32_t offset;
    uint32_t end;   // behind it
    uint32_t index; // of the macro that is expanded, or of the file that is included
} hm_event;

typedef struct hm_events {
    hm_event *items; // by file and offset, once sorted
    uint32_t count;
} hm_events;

typedef struct hm_macros {
    hm_source *source;
    hm_names names; // name -> its last definition
    hm_macro *items;
    uint32_t count;
    hm_events expansions; // of the user's macros, outside of other macros' bodies
    hm_events inclusions; // of the user's files
} hm_macros;

void hm_macros_init(hm_macros *macros, hm_source *source);
void hm_macros_finish(hm_macros *macros);

// Takes a cursor of the preprocessor's record; they are to be noted in order. False if
// it is something else.
bool hm_macros_note(hm_macros *macros, CXCursor cursor);

// To be called once all are noted.
void hm_macros_sort(hm_macros *macros);

// The index of the first event at or behind a place.
uint32_t hm_events_at(const hm_events *events, uint32_t file, uint32_t offset);

// Whether a name is a macro that a file or a flag defines; the compiler's own do not
// count.
bool hm_macros_defines(const char *name, const void *macros);

#endif
