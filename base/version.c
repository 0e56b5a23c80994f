// version.c — the version of the running library.

#include <hamilton/version.h>

const char *hm_version(void) {
    return HM_VERSION;
}
