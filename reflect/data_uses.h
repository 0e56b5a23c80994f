// data_uses.h — HM_LOAD_FROM, HM_SAVE_TO and their kin of a function whose signature is
// read. What
// formats there are, only a driver knows.

#ifndef HM_REFLECT_DATA_USES_H
#define HM_REFLECT_DATA_USES_H

#include "reflect/model.h"
#include "reflect/modifiers.h"
#include "reflect/source.h"

// Reports what is wrong with them, whatever the formats are.
void hm_data_uses_check(hm_source *source, const hm_model_function *function,
        const hm_modifiers *modifiers);

#endif
