// processors.h — how many threads of this process can run at once.

#ifndef HM_SCHEDULER_PROCESSORS_H
#define HM_SCHEDULER_PROCESSORS_H

#include <stdint.h>

// The processors that affinity and the control group's quota leave us, at least 1.
uint32_t hm_processor_count(void);

#endif
