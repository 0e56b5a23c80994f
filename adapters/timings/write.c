// write.c — the table of timings.

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/timings/timings.h"
#include "base/allocator.h"
#include "base/quantity.h"
#include "base/sink.h"

enum { COLUMN_COUNT = 7, CELL_SIZE = 32 };

// A column's title, and how wide it is; all but the first and the last go to the right.
typedef struct hm_timing_table {
    hm_sink sink;
    size_t widths[COLUMN_COUNT];
    uint64_t sum; // nanoseconds of all nodes
} hm_timing_table;

typedef struct hm_timing_row {
    char cells[COLUMN_COUNT - 1][CELL_SIZE]; // all but the first
} hm_timing_row;

// How many columns of a terminal a name takes, as far as its code points are one each.
static size_t width_of(const char *text) {
    size_t width = 0;
    for (; *text != '\0'; text++) {
        width += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return width;
}

static const char *word_of(hm_timing_state state) {
    static const char *const words[] = {[HM_TIMING_WAITING] = "waiting",
            [HM_TIMING_UNDER_WAY] = "under way",
            [HM_TIMING_OK] = "ok",
            [HM_TIMING_FAILED] = "failed",
            [HM_TIMING_SKIPPED] = "skipped",
            [HM_TIMING_CANCELLED] = "cancelled",
            [HM_TIMING_LATE] = "late",
            [HM_TIMING_SUPPLIED] = "supplied",
            [HM_TIMING_NOT_NEEDED] = "not needed"};
    return words[state];
}

static hm_timing_row row_of(const hm_timing_table *table, const hm_timing *node) {
    hm_timing_row row;
    double sum = table->sum > 0 ? (double)table->sum : 1;
    snprintf(row.cells[0], CELL_SIZE, "%" PRIu64, node->call_count);
    snprintf(row.cells[1], CELL_SIZE, "%" PRIu64, node->row_count);
    snprintf(row.cells[2], CELL_SIZE, "%s",
            hm_quantity_time((double)node->nanoseconds).text);
    snprintf(row.cells[3], CELL_SIZE, "%.1f %%", 100 * (double)node->nanoseconds / sum);
    double per_row = node->row_count > 0
                             ? (double)node->nanoseconds / (double)node->row_count
                             : 0;
    snprintf(row.cells[4], CELL_SIZE, "%.*f", per_row < 99.95, per_row);
    snprintf(row.cells[5], CELL_SIZE, "%s", word_of(node->state));
    if (node->call_count == 0 && node->nanoseconds == 0) {
        for (int cell = 1; cell < 5; cell++) {
            snprintf(row.cells[cell], CELL_SIZE, "-");
        }
    }
    return row;
}

static hm_timing_row titles(void) {
    return (hm_timing_row){{"calls", "rows", "time", "share", "ns/row", "state"}};
}

static void widen(hm_timing_table *table, const char *name, const hm_timing_row *row) {
    for (int c = 0; c < COLUMN_COUNT; c++) {
        size_t width = width_of(c == 0 ? name : row->cells[c - 1]);
        table->widths[c] = width > table->widths[c] ? width : table->widths[c];
    }
}

static void pad(hm_sink *sink, size_t count) {
    for (; count > 0; count--) {
        hm_sink_text(sink, " ");
    }
}

static void put_row(
        hm_timing_table *table, const char *name, const hm_timing_row *row) {
    hm_sink *sink = &table->sink;
    hm_sink_text(sink, name);
    pad(sink, table->widths[0] - width_of(name));
    for (int c = 1; c < COLUMN_COUNT; c++) {
        const char *cell = row->cells[c - 1];
        hm_sink_text(sink, "  ");
        if (c < COLUMN_COUNT - 1) {
            pad(sink, table->widths[c] - width_of(cell));
        }
        hm_sink_text(sink, cell);
    }
    hm_sink_text(sink, "\n");
}

// Those that took longest first, and the others in their order.
static int compare(const void *left, const void *right) {
    const hm_timing *a = left;
    const hm_timing *b = right;
    if (a->nanoseconds != b->nanoseconds) {
        return a->nanoseconds > b->nanoseconds ? -1 : 1;
    }
    return strcmp(a->name, b->name);
}

static void put_total(
        hm_timing_table *table, const hm_timings *timings, size_t node_count) {
    hm_ticks_scale scale = hm_ticks_measure(&timings->clock);
    uint64_t run_count =
            atomic_load_explicit(&timings->run_count, memory_order_relaxed);
    uint64_t taken = hm_ticks_length(
            &scale, atomic_load_explicit(&timings->run_ticks, memory_order_relaxed));
    char line[160];
    snprintf(line, sizeof line, "%zu node%s, %s in all; %" PRIu64 " run%s of %s%s\n",
            node_count, node_count == 1 ? "" : "s",
            hm_quantity_time((double)table->sum).text, run_count,
            run_count == 1 ? "" : "s", hm_quantity_time((double)taken).text,
            run_count > 1 ? " together" : "");
    hm_sink_text(&table->sink, line);
}

static hm_status write_nodes(const hm_timings *timings, hm_timing *nodes, size_t count,
        hm_write *write, void *to) {
    hm_timing_table table = {.sum = 0};
    hm_timing_row head = titles();
    hm_sink_init(&table.sink, write, to);
    for (size_t i = 0; i < count; i++) {
        table.sum += nodes[i].nanoseconds;
    }
    widen(&table, "node", &head);
    for (size_t i = 0; i < count; i++) {
        hm_timing_row row = row_of(&table, &nodes[i]);
        widen(&table, nodes[i].name, &row);
    }
    if (count > 1) {
        qsort(nodes, count, sizeof *nodes, compare);
    }
    put_row(&table, "node", &head);
    for (size_t i = 0; i < count; i++) {
        hm_timing_row row = row_of(&table, &nodes[i]);
        put_row(&table, nodes[i].name, &row);
    }
    put_total(&table, timings, count);
    return hm_sink_flush(&table.sink);
}

hm_status hm_timings_write(hm_timings *timings, hm_write *write, void *to) {
    size_t room = hm_timings_read(timings, NULL, 0);
    hm_timing *nodes = hm_allocate_array(timings->allocator, room, sizeof *nodes);
    if (nodes == NULL) {
        return HM_NO_MEMORY;
    }
    size_t count = hm_timings_read(timings, nodes, room);
    count = count < room ? count : room; // there may be more by now
    hm_status status = write_nodes(timings, nodes, count, write, to);
    hm_deallocate_array(timings->allocator, nodes, room, sizeof *nodes);
    return status;
}
