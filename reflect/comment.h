// comment.h — the doc comment of a function.

#ifndef HM_REFLECT_COMMENT_H
#define HM_REFLECT_COMMENT_H

#include "reflect/source.h"

// The text of the doc comment that stands before a declaration, without its marks; NULL
// if there is none.
const char *hm_comment_read(hm_source *source, hm_place start);

#endif
