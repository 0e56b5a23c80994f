// path.h — paths as texts: nobody looks at the file system.

#ifndef HM_BASE_PATH_H
#define HM_BASE_PATH_H

#include <stdbool.h>

#include "base/arena.h"

// The path of what is named relative to the folder of a file, without the "." and ".."
// that names can resolve, or NULL if memory ran out.
char *hm_path_beside(hm_arena *arena, const char *file, const char *path);

// Whether a path ends with all of another, but for the "./" and "../" that this begins
// with.
bool hm_path_ends_with(const char *path, const char *tail);

#endif
