// validity.h — what hm_validity() of <hamilton/node.h> tells, while a function is
// called.

#ifndef HM_ENGINE_VALIDITY_H
#define HM_ENGINE_VALIDITY_H

#include <stdint.h>

#include <hamilton/module.h>

// Calls the function's thunk; meanwhile this thread is told of the arrays in its slots.
int hm_validity_call(const hm_function *function, char *frame, const uint32_t *at);

#endif
