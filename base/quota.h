// quota.h — how much processor time the system lets this process have.

#ifndef HM_BASE_QUOTA_H
#define HM_BASE_QUOTA_H

#include <stdint.h>

// The processors whose time the control group may use, at least 1; UINT32_MAX if it is
// not limited.
uint32_t hm_processor_quota(void);

#endif
