// interrupt.c — see interrupt.h. The command line has one thread, so handler and
// program share their state through sig_atomic_t alone.

#include "cli/interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t held;
static volatile sig_atomic_t came; // the signal that was put off, or 0

static void end(int number) {
    static const char message[] = "cancelled\n";
    (void)!write(STDERR_FILENO, message, sizeof message - 1);
    _exit(128 + number);
}

static void handle(int number) {
    if (held == 0 || came != 0) {
        end(number);
    }
    came = number;
}

void hm_interrupt_watch(void) {
    struct sigaction action = {.sa_handler = handle};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

void hm_interrupt_hold(void) {
    held = held + 1;
}

void hm_interrupt_release(void) {
    held = held - 1;
    if (held == 0 && came != 0) {
        end(came);
    }
}
