// walk.h — whether a file is one that LMDB can read. LMDB believes what is in its
// pages: one that a disk, a power failure or somebody else has changed can end the
// process. So a file that was not closed by us is gone through once, before LMDB sees
// it.

#ifndef HM_ADAPTERS_LMDB_WALK_H
#define HM_ADAPTERS_LMDB_WALK_H

#include <stdbool.h>

// Of an open file that nobody writes to. Each page of its trees is where it says it is,
// what it points to lies in the file, and no page has two uses. Values are not looked
// at. An empty file is well. False also if memory runs out.
bool hm_lmdb_walk(int file);

#endif
