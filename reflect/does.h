// does.h — HM_DOES: a prototype whose node another function computes.

#ifndef HM_REFLECT_DOES_H
#define HM_REFLECT_DOES_H

#include "reflect/declared.h"
#include "reflect/model.h"
#include "reflect/source.h"

// Finds out with which arguments the functions that HM_DOES names are to be called, for
// all functions of the model, which have their signatures. Reports what is wrong.
void hm_does_read(hm_source *source, const hm_declared *declared, hm_model *model);

#endif
