// settings.h — where requests go, and with which headers, from the options of an
// hm_otlp.

#ifndef HM_ADAPTERS_OTLP_SETTINGS_H
#define HM_ADAPTERS_OTLP_SETTINGS_H

#include <curl/curl.h>

#include <hamilton/otlp.h>

#include "base/arena.h"

// A URL, and what messages call it: without what may be secret in it.
typedef struct hm_target_url {
    const char *url;
    const char *shown;
} hm_target_url;

// `whole` if it is not NULL, else the path behind `base`. Both are of the arena.
hm_status hm_settings_url(hm_arena *arena, const char *base, const char *whole,
        const char *path, hm_target_url *target, hm_error *error);

// The headers of all requests: that they are JSON, and those of the options. The caller
// frees the list.
hm_status hm_settings_headers(
        hm_arena *arena, const char *given, struct curl_slist **list, hm_error *error);

#endif
