// server.h — the price service that the example asks: GET /price/ITEM over HTTP on
// 127.0.0.1, each answer after 50 milliseconds.

#ifndef SERVER_H
#define SERVER_H

struct server;
struct uv_loop_s; // of libuv: its uv_loop_t

// On a port of the system's choice, or NULL. It and all that follows: the loop's thread
// only.
struct server *server_open(struct uv_loop_s *loop);

int server_port(const struct server *server);

// The price of an item, as the service knows it; item 404 has none.
double server_price(int item);

// No new connections. Those that are open end with their clients.
void server_close(struct server *server);

#endif
