#include <stdint.h>

#include <hamilton/modifiers.h>

HM_TIME(us) int64_t made(HM_TIME(us) int64_t at) {
    return at;
}

int64_t other_unit(HM_TIME(ms) int64_t made) {
    return made;
}

int64_t no_unit(int64_t made) {
    return made;
}

int64_t other_reader(int64_t at) {
    return at;
}

int64_t plain(void) {
    return 0;
}

int64_t more_than_plain(HM_TIME(day) int64_t plain) {
    return plain;
}
