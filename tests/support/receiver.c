// receiver.c — see receiver.h.

#include "tests/support/receiver.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/suite.h"

enum { ROOM = 8 << 20 };

// Waits until the socket can be read; false when the receiver ends.
static bool wait_for(const hm_receiver *receiver, int file) {
    struct pollfd files[] = {{.fd = receiver->wake[0], .events = POLLIN},
            {.fd = file, .events = POLLIN}};
    while (poll(files, 2, -1) < 0) {
    }
    return files[0].revents == 0;
}

static bool send_all(int file, const char *text, size_t length) {
    while (length > 0) {
        ssize_t sent = send(file, text, length, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        text += sent;
        length -= (size_t)sent;
    }
    return true;
}

static void answer(
        int file, const char *status, const char *headers, const char *body) {
    char text[1024];
    int length = snprintf(text, sizeof text,
            "HTTP/1.1 %s\r\nConnection: close\r\n%sContent-Length: %zu\r\n\r\n%s",
            status, headers, strlen(body), body);
    (void)send_all(file, text, (size_t)length);
}

static void flood(int file) {
    static char text[4096];
    static const char head[] = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
    memset(text, 'x', sizeof text);
    bool goes_on = send_all(file, head, sizeof head - 1);
    for (int i = 0; i < 1000 && goes_on; i++) {
        goes_on = send_all(file, text, sizeof text);
    }
}

static void behave(hm_receiver *receiver, int file, int number) {
    static const char half[] = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"par";
    switch (receiver->manner) {
    case HM_RECEIVER_TAKES:
        answer(file, "200 OK", "", "{}");
        break;
    case HM_RECEIVER_IS_EMPTY:
        answer(file, "200 OK", "", "");
        break;
    case HM_RECEIVER_REJECTS_ONE:
        answer(file, "200 OK", "",
                "{\"partialSuccess\": {\"rejectedSpans\": \"1\", \"errorMessage\": "
                "\"too long\", \"later\": [1]}}");
        break;
    case HM_RECEIVER_FAILS:
        answer(file, "500 Internal Server Error", "", "oh");
        break;
    case HM_RECEIVER_IS_BUSY:
        answer(file, number < 2 ? "503 Service Unavailable" : "200 OK", "", "{}");
        break;
    case HM_RECEIVER_ASKS:
        answer(file, number < 1 ? "429 Too Many Requests" : "200 OK",
                number < 1 ? "Retry-After: 1\r\n" : "", "{}");
        break;
    case HM_RECEIVER_STOPS:
        (void)send_all(file, half, sizeof half - 1);
        break;
    case HM_RECEIVER_BABBLES:
        (void)send_all(file, "\x01\x02 who is there?\n", 18);
        break;
    case HM_RECEIVER_MISTAKES:
        answer(file, "200 OK", "", "<html>It works!</html>");
        break;
    case HM_RECEIVER_FLOODS:
        flood(file);
        break;
    case HM_RECEIVER_IS_SILENT:
        (void)wait_for(receiver, receiver->wake[0]);
        break;
    case HM_RECEIVER_CLOSES:
        break;
    }
}

static size_t length_of_body(const char *headers) {
    for (const char *line = headers; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncasecmp(line, "Content-Length:", 15) == 0) {
            return strtoul(line + 15, NULL, 10);
        }
    }
    return 0;
}

// Reads a request; false if there is no whole one.
static bool read_request(hm_receiver *receiver, int file, char *text) {
    size_t length = 0;
    const char *end = NULL;
    while (end == NULL || length < (size_t)(end - text) + 4 + length_of_body(text)) {
        ssize_t got = wait_for(receiver, file)
                              ? recv(file, text + length, ROOM - length - 1, 0)
                              : 0;
        if (got <= 0) {
            return false;
        }
        length += (size_t)got;
        text[length] = '\0';
        end = strstr(text, "\r\n\r\n");
        if (receiver->manner == HM_RECEIVER_CLOSES) {
            return end != NULL;
        }
    }
    return true;
}

static void keep(hm_receiver *receiver, int number, const char *text) {
    hm_received *request = &receiver->requests[number];
    const char *end = strstr(text, "\r\n\r\n");
    snprintf(request->headers, sizeof request->headers, "%.*s\n", (int)(end - text),
            text);
    ck_assert_int_eq(sscanf(text, "POST %63s ", request->path), 1);
    request->body = json_loads(end + 4, 0, NULL);
}

static void *serve(void *context) {
    hm_receiver *receiver = context;
    char *text = malloc(ROOM);
    ck_assert_ptr_nonnull(text);
    while (wait_for(receiver, receiver->listener)) {
        int file = accept(receiver->listener, NULL, NULL);
        if (file >= 0 && read_request(receiver, file, text)) {
            int number = atomic_load(&receiver->count);
            ck_assert_int_lt(number, HM_RECEIVER_REQUESTS);
            keep(receiver, number, text);
            atomic_store(&receiver->count, number + 1);
            behave(receiver, file, number);
        }
        close(file);
    }
    free(text);
    return NULL;
}

void hm_receiver_begin(hm_receiver *receiver, hm_manner manner) {
    memset(receiver, 0, sizeof *receiver);
    receiver->manner = manner;
    receiver->listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {
            .sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    ck_assert_int_eq(
            bind(receiver->listener, (struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(listen(receiver->listener, 16), 0);
    ck_assert_int_eq(
            getsockname(receiver->listener, (struct sockaddr *)&address, &size), 0);
    snprintf(receiver->url, sizeof receiver->url, "http://127.0.0.1:%d",
            ntohs(address.sin_port));
    ck_assert_int_eq(pipe(receiver->wake), 0);
    ck_assert_int_eq(pthread_create(&receiver->thread, NULL, serve, receiver), 0);
}

void hm_receiver_end(hm_receiver *receiver) {
    ck_assert_int_eq(write(receiver->wake[1], "", 1), 1);
    pthread_join(receiver->thread, NULL);
    close(receiver->wake[0]);
    close(receiver->wake[1]);
    close(receiver->listener);
    for (int i = 0; i < atomic_load(&receiver->count); i++) {
        json_decref(receiver->requests[i].body);
    }
}
