// cache_place.c — see cache_place.h.

#include "cli/cache_place.h"

#include <string.h>

#include <hamilton/lmdb.h>
#include <hamilton/redis.h>

#include "base/error.h"
#include "cli/component.h"

static const char lmdb_scheme[] = "lmdb:";

// A store could not be made: a mistake is told here.
static hm_status end(hm_session *session, hm_status status, hm_error *error) {
    if (status != HM_OK && status != HM_IO && status != HM_NO_MEMORY) {
        (void)hm_session_fail(session, status, NULL, "%s", error->message);
        error->message[0] = '\0';
    }
    return status;
}

static hm_status open_redis(hm_session *session, const char *place,
        hm_cache_options *options, hm_error *error) {
    static const hm_component component = {
            .name = "redis",
            .needs = "hiredis",
            .mend = "build and install hamilton where it is; ./dev setup installs it",
    };
    hm_status (*create)(const hm_redis_options *, hm_cache_store **, hm_error *);
    const hm_component_function wanted[] = {{"hm_redis_store_create", &create}};
    hm_redis_options redis = HM_REDIS_OPTIONS_INIT;
    redis.address = place;
    HM_TRY(hm_component_load(session, &component, "a cache in Redis", wanted, 1));
    return end(session, create(&redis, &options->store, error), error);
}

static hm_status open_lmdb(hm_session *session, const char *place,
        hm_cache_options *options, hm_error *error) {
    static const hm_component component = {
            .name = "lmdb",
            .needs = "LMDB",
            .mend = "build and install hamilton where it is; ./dev setup installs it",
    };
    hm_status (*create)(const hm_lmdb_options *, hm_cache_store **, hm_error *);
    const hm_component_function wanted[] = {{"hm_lmdb_store_create", &create}};
    hm_lmdb_options lmdb = HM_LMDB_OPTIONS_INIT;
    lmdb.directory = place + sizeof lmdb_scheme - 1;
    lmdb.must_exist = options->must_exist;
    if (lmdb.directory[0] == '\0') {
        return hm_session_fail(session, HM_BAD_ARGUMENT, "write lmdb:FOLDER",
                "`%s` names no folder", place);
    }
    HM_TRY(hm_component_load(session, &component, "a cache in LMDB", wanted, 1));
    return end(session, create(&lmdb, &options->store, error), error);
}

hm_status hm_cache_place_read(hm_session *session, const char *place,
        hm_cache_options *options, hm_error *error) {
    error->message[0] = '\0';
    static const struct {
        const char *scheme;
        hm_status (*open)(hm_session *session, const char *place,
                hm_cache_options *options, hm_error *error);
    } stores[] = {{"redis://", open_redis}, {"redis+unix://", open_redis},
            {lmdb_scheme, open_lmdb}};
    for (size_t i = 0; i < sizeof stores / sizeof *stores; i++) {
        if (strncmp(place, stores[i].scheme, strlen(stores[i].scheme)) == 0) {
            return stores[i].open(session, place, options, error);
        }
    }
    const char *colon = strstr(place, "://");
    if (colon != NULL && strcspn(place, "/") > (size_t)(colon - place)) {
        return hm_session_fail(session, HM_BAD_ARGUMENT,
                "write a folder, " HM_CACHE_PLACES, "no cache is reached by `%.*s://`",
                (int)(colon - place), place);
    }
    options->directory = place;
    return HM_OK;
}
