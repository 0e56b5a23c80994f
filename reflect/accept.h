// accept.h — HM_ACCEPT_FAILED: parameters that are NULL where the node failed that they
// take. Under it alone one value that is no struct may be taken by reference.

#ifndef HM_REFLECT_ACCEPT_H
#define HM_REFLECT_ACCEPT_H

#include "reflect/model.h"
#include "reflect/source.h"

// Has the parameter accept failures, if it can be NULL; else reports why not.
void hm_accept_apply(hm_source *source, hm_model_function *function, const char *name,
        hm_place place);

// Reports parameters by reference that only the modifier allows and that go without.
void hm_accept_check(hm_source *source, const hm_model_function *function);

#endif
