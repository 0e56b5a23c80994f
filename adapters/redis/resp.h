// resp.h — commands in Redis's protocol: arrays of bulk strings.

#ifndef HM_ADAPTERS_REDIS_RESP_H
#define HM_ADAPTERS_REDIS_RESP_H

#include <stddef.h>

// A word of a command.
typedef struct hm_resp_part {
    const void *bytes;
    size_t length;
} hm_resp_part;

// How many bytes a command of these parts takes at most, and writes it: then how many
// it did take.
size_t hm_resp_room(const hm_resp_part *parts, size_t count);
size_t hm_resp_write(char *to, const hm_resp_part *parts, size_t count);

#endif
