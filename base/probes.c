// probes.c — the semaphores of probes.h, which tracers raise from outside.

#include "base/probes.h"

#ifdef HM_HAS_PROBES

#define X(name) unsigned short hamilton_##name##_semaphore;
HM_PROBE_LIST(X)
#undef X

#endif
