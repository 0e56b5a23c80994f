// settle_other.c — see settle.h: for systems where threads are left to the kernel.

#include "bench/settle.h"

void hm_settle(int number) {
    (void)number;
}

void hm_settle_apart(pthread_t other) {
    (void)other;
}
