// cache_place.h — where the command keeps results: a folder, or a store that its
// address tells of.

#ifndef HM_CLI_CACHE_PLACE_H
#define HM_CLI_CACHE_PLACE_H

#include <hamilton/cache.h>
#include <hamilton/status.h>

#include "cli/session.h"

// What an operand that is a place may be, for help.
#define HM_CACHE_PLACES "redis://HOST[:PORT], redis+unix:///SOCKET or lmdb:FOLDER"

// Sets the options to this place: its directory, or a store, which is loaded for it and
// given to whoever creates the cache. Trouble of the system with a store is in `error`,
// and HM_IO or HM_NO_MEMORY; all other faults are told, and there is no message in it.
hm_status hm_cache_place_read(hm_session *session, const char *place,
        hm_cache_options *options, hm_error *error);

#endif
