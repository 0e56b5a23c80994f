// bench_otlp.c — what does it cost a service that a receiver of OpenTelemetry is told
// of its runs? A graph of 20 nodes of 20 µs is run on one thread without adapters, and
// with one whose thread sends to a receiver in this process, which takes everything.
// That thread needs a processor meanwhile: how much it kept up with is told as well.

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <hamilton/otlp.h>

#include "bench/asked.h"
#include "bench/contest.h"
#include "bench/dataflow.h"
#include "bench/measure.h"

enum { NODE_COUNT = 20, WORK = 20 * 1000, SYSTEM_COUNT = 2, ROOM = 1 << 20 };

// Takes requests of one connection after the other, and answers that all is well.
struct taker {
    int listener;
    int wake[2];
    pthread_t thread;
    char text[ROOM];
};

static bool wait_for(const struct taker *taker, int file) {
    struct pollfd files[] = {
            {.fd = taker->wake[0], .events = POLLIN}, {.fd = file, .events = POLLIN}};
    while (poll(files, 2, -1) < 0) { // a signal came
    }
    return files[0].revents == 0;
}

static size_t body_length(const char *head) {
    for (const char *line = head; line != NULL; line = strchr(line + 1, '\n')) {
        if (strncasecmp(line, "\nContent-Length:", 16) == 0) {
            return strtoul(line + 16, NULL, 10);
        }
    }
    return 0;
}

// Requests follow each other; false when no more comes.
static bool take(struct taker *taker, int file) {
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    size_t length = 0;
    size_t left = 0; // of the body, once the head is there
    bool has_head = false;
    while (!has_head || left > 0) {
        char *to = has_head ? taker->text : taker->text + length;
        ssize_t got = wait_for(taker, file)
                              ? recv(file, to, ROOM - 1 - (has_head ? 0 : length), 0)
                              : 0;
        if (got <= 0) {
            return false;
        }
        if (has_head) {
            left -= (size_t)got;
            continue;
        }
        length += (size_t)got;
        taker->text[length] = '\0';
        const char *end = strstr(taker->text, "\r\n\r\n");
        has_head = end != NULL;
        if (has_head) {
            left = body_length(taker->text) -
                   (length - (size_t)(end + 4 - taker->text));
        }
    }
    return send(file, answer, sizeof answer - 1, MSG_NOSIGNAL) > 0;
}

static void *serve(void *argument) {
    struct taker *taker = argument;
    while (wait_for(taker, taker->listener)) {
        int file = accept(taker->listener, NULL, NULL);
        while (file >= 0 && take(taker, file)) {
        }
        close(file);
    }
    return NULL;
}

static bool start(struct taker *taker, char *url, size_t size) {
    struct sockaddr_in address = {
            .sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    taker->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(taker->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
            listen(taker->listener, 8) != 0 ||
            getsockname(taker->listener, (struct sockaddr *)&address, &length) != 0 ||
            pipe(taker->wake) != 0) {
        return false;
    }
    snprintf(url, size, "http://127.0.0.1:%d", ntohs(address.sin_port));
    return pthread_create(&taker->thread, NULL, serve, taker) == 0;
}

static void stop(struct taker *taker) {
    if (write(taker->wake[1], "", 1) == 1) {
        pthread_join(taker->thread, NULL);
    }
}

// The part of all spans that was sent, and not dropped because there was no room.
static bool print_sent(const hm_otlp *otlp) {
    hm_otlp_statistics statistics;
    hm_otlp_count(otlp, &statistics);
    double all = (double)(statistics.spans + statistics.spans_dropped);
    double sent = (double)statistics.spans_sent / all;
    hm_measure_print("otlp", "service_20us", "sent", 1, &sent, 1, "part");
    if (statistics.spans_lost > 0 || statistics.spans_sent == 0) {
        fprintf(stderr, "spans were lost\n");
        return false;
    }
    return true;
}

static bool measure(hm_dataflow *dataflow, const char *url, bool is_quick) {
    hm_asked services[SYSTEM_COUNT] = {0};
    hm_otlp_options options = HM_OTLP_OPTIONS_INIT;
    options.endpoint = url;
    hm_otlp *otlp = NULL;
    hm_error error = {.message = ""};
    if (hm_otlp_create(&options, &otlp, &error) != HM_OK) {
        fprintf(stderr, "%s\n", error.message);
        return false;
    }
    bool is_right = hm_asked_init(&services[0], dataflow, hm_otlp_adapter(otlp), 1) &&
                    hm_asked_init(&services[1], dataflow, NULL, 1);
    const hm_system systems[] = {
            {.name = "otlp", .run = hm_asked_run, .subject = &services[0]},
            {.name = "without", .run = hm_asked_run, .subject = &services[1]},
    };
    is_right = is_right &&
               hm_measure(&(hm_measurement){.bench = "otlp",
                                  .name = "service_20us",
                                  .unit = "ns/node",
                                  .per_second = 1e9 / NODE_COUNT,
                                  .rounds = HM_MEASURE_ROUND_LIMIT,
                                  .systems = systems,
                                  .system_count = SYSTEM_COUNT},
                       is_quick) &&
               hm_asked_agree(&services[0], &services[1]);
    for (uint32_t i = 0; i < SYSTEM_COUNT; i++) {
        hm_asked_finish(&services[i]);
    }
    hm_otlp_shut_down(otlp);
    is_right = is_right && print_sent(otlp);
    hm_otlp_destroy(otlp);
    return is_right;
}

int main(int argument_count, char **arguments) {
    static struct taker taker;
    char url[64];
    bool is_quick = hm_measure_is_quick(argument_count, arguments);
    hm_dataflow *dataflow = hm_dataflow_service();
    bool is_right = dataflow != NULL;
    if (is_right) {
        hm_dataflow_set_work(dataflow, hm_contest_rounds(WORK));
        is_right = start(&taker, url, sizeof url);
    }
    if (is_right) {
        is_right = measure(dataflow, url, is_quick);
        stop(&taker);
    }
    hm_dataflow_destroy(dataflow);
    return is_right ? EXIT_SUCCESS : EXIT_FAILURE;
}
