// interrupt.c — see interrupt.h. Signals may come to any thread, but only that of the
// command line reads and writes what follows besides the handler.

#include "cli/interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t held;
static volatile sig_atomic_t came;    // the first signal, or 0
static volatile sig_atomic_t put_off; // the same, if it is to end the process yet
static hm_cancel *volatile cancelled; // what a signal raises, or NULL

enum { PATIENCE = 1 }; // seconds that a cancelled run has

static void end(int number) {
    static const char message[] = "cancelled\n";
    (void)!write(STDERR_FILENO, message, sizeof message - 1);
    _exit(128 + number);
}

static void handle(int number) {
    hm_cancel *cancel = cancelled;
    if ((held == 0 && cancel == NULL) || came != 0) {
        end(number == SIGALRM ? came : number);
    }
    came = number;
    if (cancel != NULL) {
        hm_cancel_raise(cancel);
        alarm(PATIENCE);
    } else {
        put_off = number;
    }
}

void hm_interrupt_watch(void) {
    struct sigaction action = {.sa_handler = handle};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGALRM, &action, NULL);
}

void hm_interrupt_hold(void) {
    held = held + 1;
}

void hm_interrupt_release(void) {
    held = held - 1;
    if (held == 0 && put_off != 0) {
        end(put_off);
    }
}

void hm_interrupt_cancel(hm_cancel *cancel) {
    cancelled = cancel;
    if (cancel == NULL) {
        alarm(0);
    }
}

int hm_interrupt_exit_code(void) {
    return 128 + (came != 0 ? came : SIGINT);
}
