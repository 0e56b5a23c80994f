// complaints.h — what the parser itself says of a source.

#ifndef HM_REFLECT_COMPLAINTS_H
#define HM_REFLECT_COMPLAINTS_H

#include "reflect/source.h"

// Every error of the parser becomes a fault.
void hm_complaints_report(hm_source *source);

#endif
