// line.c — how far a run is, in words and as a bar.

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "adapters/progress/progress.h"
#include "base/quantity.h"

enum {
    LEAST_BAR = 10, // columns between the brackets
    MOST_BAR = 30,
    LEAST_NAMES = 12,
    NAMES_SIZE = 200,
};

// Rows of nodes that have begun, and of all, as far as can be told: a node that has
// not begun goes through as many as the one with the most.
typedef struct hm_far {
    uint64_t rows;
    uint64_t rows_done;
    double part; // of all, from 0 to 1
} hm_far;

static uint64_t load(const _Atomic(uint64_t) *count) {
    return atomic_load_explicit(count, memory_order_relaxed);
}

static uint32_t state_of(const hm_progress_run *run, uint32_t node) {
    return atomic_load_explicit(&run->nodes[node].state, memory_order_relaxed);
}

static uint64_t most_rows(const hm_progress_run *run) {
    uint64_t most = 1;
    for (uint32_t n = 0; n < run->planned->node_count; n++) {
        uint64_t rows = load(&run->nodes[n].row_count);
        most = rows > most ? rows : most;
    }
    return most;
}

static hm_far how_far(const hm_progress_run *run) {
    hm_far far = {.rows = 0};
    double all = 0;
    double done = 0;
    uint64_t most = most_rows(run);
    for (uint32_t n = 0; n < run->planned->node_count; n++) {
        const hm_progress_node *node = &run->nodes[n];
        bool is_mapped = run->planned->nodes[n].mapped > 0;
        uint32_t state = state_of(run, n);
        uint64_t rows = load(&node->row_count);
        uint64_t rows_done = load(&node->done_count);
        double weight = state != HM_PROGRESS_WAITING ? (double)rows
                        : is_mapped                  ? (double)most
                                                     : 1;
        all += weight;
        done += state == HM_PROGRESS_DONE ? weight : (double)rows_done;
        if (is_mapped && state != HM_PROGRESS_WAITING) {
            far.rows += rows;
            far.rows_done += state == HM_PROGRESS_DONE ? rows : rows_done;
        }
    }
    far.part = all > 0 ? done / all : 1;
    far.part = far.part < 1 ? far.part : 1;
    return far;
}

static void put(char *text, size_t size, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

static void put(char *text, size_t size, const char *format, ...) {
    size_t length = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + length, size - length, format, arguments);
    va_end(arguments);
}

// 9999, 12.3 k, 4.56 M.
static void put_count(char *text, size_t size, uint64_t count) {
    static const char *const units[] = {"", " k", " M", " G", " T"};
    double number = (double)count;
    int unit = 0;
    for (; count >= 10000 && unit < 4 && number >= 999.5; unit++) {
        number /= 1000;
    }
    int digits = unit == 0 || number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2;
    put(text, size, "%.*f%s", digits, number, units[unit]);
}

// 0:07, 12:34, 1:02:03.
static void put_time(char *text, size_t size, double seconds) {
    uint64_t whole = (uint64_t)(seconds + 0.5);
    uint64_t hours = whole / 3600;
    uint64_t minutes = whole / 60 % 60;
    if (hours > 0) {
        put(text, size, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64, hours, minutes,
                whole % 60);
    } else {
        put(text, size, "%" PRIu64 ":%02" PRIu64, minutes, whole % 60);
    }
}

static double seconds_since(uint64_t begun, uint64_t now) {
    return now > begun ? (double)(now - begun) / 1e9 : 0;
}

// What is left takes as long as what is done did. False before enough is done.
static bool estimate(
        const hm_progress_run *run, const hm_far *far, uint64_t now, double *left) {
    double taken = seconds_since(run->begun, now);
    *left = far->part > 0 ? taken * (1 - far->part) / far->part : 0;
    return far->part >= 0.01 && *left < 100 * 3600.0;
}

// How many columns a text takes: its code points.
static size_t width_of(const char *text) {
    size_t width = 0;
    for (; *text != '\0'; text++) {
        width += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return width;
}

// Cuts a text off behind so many columns.
static void cut(char *text, size_t width) {
    size_t at = 0;
    size_t columns = 0;
    while (text[at] != '\0') {
        bool begins = ((unsigned char)text[at] & 0xc0) != 0x80;
        if (begins && columns++ == width) {
            text[at] = '\0';
            return;
        }
        at++;
    }
}

// The nodes that are under way, as far as their names fit, and how many more.
static void put_names(
        const hm_progress_run *run, size_t width, char *text, size_t size) {
    uint32_t left = 0;
    for (uint32_t n = 0; n < run->planned->node_count; n++) {
        left += state_of(run, n) == HM_PROGRESS_UNDER_WAY;
    }
    size_t used = 0;
    for (uint32_t n = 0; n < run->planned->node_count && left > 0; n++) {
        if (state_of(run, n) != HM_PROGRESS_UNDER_WAY) {
            continue;
        }
        const char *name = run->planned->nodes[n].name;
        size_t needed = (used > 0 ? 2 : 0) + width_of(name);
        size_t more = left > 1 ? 5 : 0; // ", +99"
        if (used > 0 && (used + needed + more > width ||
                                strlen(text) + strlen(name) + 16 > size)) {
            put(text, size, " +%" PRIu32, left);
            return;
        }
        put(text, size, "%s%s", used > 0 ? ", " : "", name);
        used += needed;
        left--;
    }
}

static void put_bar(char *text, size_t size, double part, size_t width, bool colour) {
    char bar[MOST_BAR + 1];
    size_t done = (size_t)(part * (double)width);
    for (size_t i = 0; i < width; i++) {
        bar[i] = i < done ? '=' : i == done ? '>' : ' ';
    }
    bar[width] = '\0';
    put(text, size, colour ? " [\033[32m%s\033[0m]" : " [%s]", bar);
}

size_t hm_progress_draw(const hm_progress_run *run, uint64_t now, size_t width,
        bool has_colour, char line[HM_PROGRESS_LINE_SIZE]) {
    hm_far far = how_far(run);
    char facts[128] = "";
    char names[NAMES_SIZE] = "";
    double left;
    width = width > 1 ? width - 1 : 1; // a full line would begin the next one
    put(facts, sizeof facts, " %" PRIu32 "/%" PRIu32 " nodes",
            atomic_load_explicit(&run->done_count, memory_order_relaxed),
            run->planned->node_count);
    if (far.rows > 0 && width >= 60) {
        put(facts, sizeof facts, ", ");
        put_count(facts, sizeof facts, far.rows_done);
        put(facts, sizeof facts, "/");
        put_count(facts, sizeof facts, far.rows);
        put(facts, sizeof facts, " rows");
    }
    if (width >= 40 && estimate(run, &far, now, &left)) {
        put(facts, sizeof facts, ", ");
        put_time(facts, sizeof facts, left);
        put(facts, sizeof facts, " left");
    }
    size_t taken = 4 + width_of(facts);
    size_t spare = width > taken ? width - taken : 0;
    size_t bar = spare / 2 < MOST_BAR ? spare / 2 : MOST_BAR;
    bool has_bar = bar >= LEAST_BAR + 3;
    size_t rest = spare - (has_bar ? bar : 0);
    if (rest >= LEAST_NAMES) {
        put(names, sizeof names, ": ");
        put_names(run, rest - 2, names, sizeof names);
        cut(names, rest);
    }
    if (taken > width) {
        cut(facts, width > 4 ? width - 4 : 0);
    }
    line[0] = '\0';
    put(line, HM_PROGRESS_LINE_SIZE, "\r%3d%%", (int)(100 * far.part));
    if (has_bar) {
        put_bar(line, HM_PROGRESS_LINE_SIZE, far.part, bar - 3, has_colour);
    }
    // Back to the front, where what others write is no longer than it needs to be.
    put(line, HM_PROGRESS_LINE_SIZE, "%s%s\033[K\r", facts, names);
    return strlen(line);
}

static void put_facts(const hm_progress_run *run, const hm_far *far, char *line) {
    put(line, HM_PROGRESS_LINE_SIZE, ", %" PRIu32 " of %" PRIu32 " nodes",
            atomic_load_explicit(&run->done_count, memory_order_relaxed),
            run->planned->node_count);
    if (far->rows > 0) {
        put(line, HM_PROGRESS_LINE_SIZE, ", ");
        put_count(line, HM_PROGRESS_LINE_SIZE, far->rows_done);
        if (far->rows_done < far->rows) {
            put(line, HM_PROGRESS_LINE_SIZE, " of ");
            put_count(line, HM_PROGRESS_LINE_SIZE, far->rows);
        }
        put(line, HM_PROGRESS_LINE_SIZE, " rows");
    }
}

size_t hm_progress_tell(
        const hm_progress_run *run, uint64_t now, char line[HM_PROGRESS_LINE_SIZE]) {
    hm_far far = how_far(run);
    char names[NAMES_SIZE] = "";
    double left;
    line[0] = '\0';
    put(line, HM_PROGRESS_LINE_SIZE, "progress: %d %%", (int)(100 * far.part));
    put_facts(run, &far, line);
    if (estimate(run, &far, now, &left)) {
        put(line, HM_PROGRESS_LINE_SIZE, ", ");
        put_time(line, HM_PROGRESS_LINE_SIZE, left);
        put(line, HM_PROGRESS_LINE_SIZE, " left");
    }
    put_names(run, 60, names, sizeof names);
    put(line, HM_PROGRESS_LINE_SIZE, "%s%s\n", names[0] != '\0' ? ": " : "", names);
    return strlen(line);
}

size_t hm_progress_tell_end(const hm_progress_run *run, uint64_t now, hm_status status,
        char line[HM_PROGRESS_LINE_SIZE]) {
    hm_far far = how_far(run);
    line[0] = '\0';
    put(line, HM_PROGRESS_LINE_SIZE, "progress: %s",
            status == HM_OK          ? "done"
            : status == HM_CANCELLED ? "cancelled"
            : status == HM_DEADLINE  ? "late"
                                     : "failed");
    put_facts(run, &far, line);
    put(line, HM_PROGRESS_LINE_SIZE, " %s ", status == HM_OK ? "in" : "after");
    double taken = seconds_since(run->begun, now);
    if (taken < 100) {
        put(line, HM_PROGRESS_LINE_SIZE, "%s", hm_quantity_time(1e9 * taken).text);
    } else {
        put_time(line, HM_PROGRESS_LINE_SIZE, taken);
    }
    put(line, HM_PROGRESS_LINE_SIZE, "\n");
    return strlen(line);
}
