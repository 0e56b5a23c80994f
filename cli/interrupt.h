// interrupt.h — Ctrl-C ends the process at once, with exit code 130, except while
// something is held: then what is being made is finished or taken away first, so that
// nothing half-written stays behind.

#ifndef HM_CLI_INTERRUPT_H
#define HM_CLI_INTERRUPT_H

// From now on SIGINT and SIGTERM do so.
void hm_interrupt_watch(void);

// Puts signals off until the matching release. Pairs may nest. A second signal is not
// put off.
void hm_interrupt_hold(void);
void hm_interrupt_release(void);

#endif
