// resp.c — see resp.h.

#include "adapters/redis/resp.h"

#include <string.h>

enum { NUMBER = 24 }; // bytes of "$", a number and the end of its line

size_t hm_resp_room(const hm_resp_part *parts, size_t count) {
    size_t room = NUMBER;
    for (size_t i = 0; i < count; i++) {
        room += NUMBER + parts[i].length + 2;
    }
    return room;
}

static char *write_number(char *to, char kind, size_t number) {
    char digits[NUMBER];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    *to++ = kind;
    while (count > 0) {
        *to++ = digits[--count];
    }
    *to++ = '\r';
    *to++ = '\n';
    return to;
}

size_t hm_resp_write(char *to, const hm_resp_part *parts, size_t count) {
    char *at = write_number(to, '*', count);
    for (size_t i = 0; i < count; i++) {
        at = write_number(at, '$', parts[i].length);
        if (parts[i].length > 0) {
            memcpy(at, parts[i].bytes, parts[i].length);
        }
        at += parts[i].length;
        *at++ = '\r';
        *at++ = '\n';
    }
    return (size_t)(at - to);
}
