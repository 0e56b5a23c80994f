// interrupt.h — Ctrl-C ends the process at once, with exit code 130, except while
// something is held: then what is being made is finished or taken away first, so that
// nothing half-written stays behind; and except while a dataflow runs: then it is
// cancelled, and has a second to come back with what is ready.

#ifndef HM_CLI_INTERRUPT_H
#define HM_CLI_INTERRUPT_H

#include <hamilton/cancel.h>

// From now on SIGINT and SIGTERM do so.
void hm_interrupt_watch(void);

// Puts signals off until the matching release. Pairs may nest. A second signal is not
// put off.
void hm_interrupt_hold(void);
void hm_interrupt_release(void);

// A signal raises `cancel` from now on; NULL: no longer.
void hm_interrupt_cancel(hm_cancel *cancel);

// The exit code of a process that a signal cancelled.
int hm_interrupt_exit_code(void);

#endif
