// interrupt.h — Ctrl-C: what is under way is stopped in an orderly way, so that nothing
// half-written stays behind.

#ifndef HM_CLI_INTERRUPT_H
#define HM_CLI_INTERRUPT_H

#include <stdbool.h>

// From now on SIGINT and SIGTERM are noted. A second one ends the process at once.
void hm_interrupt_watch(void);

bool hm_interrupt_came(void);

#endif
