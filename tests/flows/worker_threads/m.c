#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool is_elsewhere(void) {
    usleep(500 * 1000);
    return syscall(SYS_gettid) != getpid();
}

/** Whether this ran on another thread than that of the command line. */
bool first(double x) {
    return x > 0 && is_elsewhere();
}

bool second(double x) {
    return x > 0 && is_elsewhere();
}

int helped(bool first, bool second) {
    return first + second;
}
