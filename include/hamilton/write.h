// write.h — where a writer's text goes.

#ifndef HAMILTON_WRITE_H
#define HAMILTON_WRITE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Takes the next piece of a text, length bytes without a final NUL; to is the
/// caller's. False ends the writing, which then returns HM_IO.
typedef bool hm_write(const char *text, size_t length, void *to);

#ifdef __cplusplus
}
#endif

#endif
