// redis_server.h — a Redis server of one test case: on loopback, at a port that the
// kernel chose, and at a socket, with a folder of its own. It ends with the case.
//
//     static hm_redis_server server;
//     hm_redis_server_start(&server, "");
//     ... server.address, "redis://127.0.0.1:40123" ...
//     hm_redis_server_stop(&server);

#ifndef HM_TESTS_SUPPORT_REDIS_SERVER_H
#define HM_TESTS_SUPPORT_REDIS_SERVER_H

#include <stdbool.h>
#include <sys/types.h>

#include <hamilton/cache.h>

#include "tests/support/temporary_folder.h"

typedef struct hm_redis_server {
    hm_temporary_folder folder;
    pid_t process; // 0: it does not run
    int port;
    char address[64];
    char socket[96];
    char options[256];
} hm_redis_server;

// Whether there is one to be started: redis-server is installed. If not, why tests are
// skipped is printed, once.
bool hm_redis_server_is_there(void);

// With further options of redis-server.
void hm_redis_server_start(hm_redis_server *server, const char *options);
void hm_redis_server_stop(hm_redis_server *server);

// Ends it by SIGKILL; starts it again at the same port, with nothing in it.
void hm_redis_server_kill(hm_redis_server *server);
void hm_redis_server_restart(hm_redis_server *server);

// Sends it a command, words separated by blanks, and returns the reply's text or
// number, borrowed until the next call; NULL for nil.
const char *hm_redis_server_tell(hm_redis_server *server, const char *command);

// A port that nobody listens at.
int hm_redis_server_free_port(void);

// A cache in a server with this address.
hm_cache *hm_redis_server_cache(const char *address);

#endif
