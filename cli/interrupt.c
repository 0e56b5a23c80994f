// interrupt.c — see interrupt.h.

#include "cli/interrupt.h"

#include <signal.h>
#include <stddef.h>

// Written by the handler. C11 lets a handler write no other kind of object.
static volatile sig_atomic_t came;

static void note(int number) {
    (void)number;
    came = 1;
}

void hm_interrupt_watch(void) {
    // SA_RESETHAND: the second signal finds the default action, which ends the process.
    struct sigaction action = {.sa_handler = note, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool hm_interrupt_came(void) {
    return came != 0;
}
