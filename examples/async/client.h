// client.h — an HTTP client on a loop of libuv's: any number of requests at once, on
// one thread, by libcurl.

#ifndef CLIENT_H
#define CLIENT_H

struct client;
struct uv_loop_s; // of libuv: its uv_loop_t

// Gets what the server answered: the HTTP status and the text, or 0 and why there is no
// answer. The text is borrowed until it returns.
typedef void client_answered(int status, const char *text, void *argument);

// A client of http://127.0.0.1:PORT, or NULL. It and all that follows: the loop's
// thread only.
struct client *client_open(struct uv_loop_s *loop, int port);

// No request is under way. What is left is freed when the loop turns once more.
void client_close(struct client *client);

// Asks for a path and returns; answered is called later, on the loop.
void client_get(const struct client *client, const char *path,
        client_answered *answered, void *argument);

#endif
