// costs.c — see <hamilton/costs.h>. As text:
//
//     {"hamilton_costs": 1, "nodes": [
//      {"name": "price", "mapped": 1, "nanoseconds": 81034, "version": "3f0c..."},
//      {"name": "total", "mapped": 0, "nanoseconds": 12.5, "version": null}]}
//
// Members with other names are passed over, so that there can be more of them one day.

#include "engine/costs.h"

#include <stdatomic.h>
#include <string.h>

#include <hamilton/json.h>

#include "base/allocator.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/json_scan.h"
#include "base/json_write.h"
#include "base/names.h"
#include "base/number.h"
#include "engine/plan.h"
#include "engine/plan_state.h"

enum { FORMAT = 1 };

// Eleven days: sums of these stay finite.
static const float most_nanoseconds = 1e15F;

typedef struct hm_known_cost {
    const char *name; // of the first node that the function makes
    uint32_t depth;   // over how many dimensions it is mapped
    uint32_t next;    // the same name with another depth, or HM_NONE
    const char *version;
    float nanoseconds;
} hm_known_cost;

struct hm_costs {
    const hm_allocator *allocator;
    hm_arena arena; // owns entries and their texts
    hm_names first; // name -> the first entry that has it
    hm_known_cost *entries;
    uint32_t count;
};

hm_status hm_costs_create(const hm_allocator *allocator, hm_costs **costs) {
    allocator = hm_allocator_or_default(allocator);
    hm_costs *created = hm_allocate_array(allocator, 1, sizeof *created);
    if (created == NULL) {
        return HM_NO_MEMORY;
    }
    created->allocator = allocator;
    hm_arena_init(&created->arena, allocator);
    hm_names_init(&created->first, allocator);
    *costs = created;
    return HM_OK;
}

void hm_costs_destroy(hm_costs *costs) {
    if (costs != NULL) {
        hm_names_finish(&costs->first);
        hm_arena_finish(&costs->arena);
        hm_deallocate_array(costs->allocator, costs, 1, sizeof *costs);
    }
}

size_t hm_costs_count(const hm_costs *costs) {
    return costs->count;
}

static hm_known_cost *find(const hm_costs *costs, const char *name, uint32_t depth) {
    uint32_t id = hm_names_find(&costs->first, name); // HM_NAMES_ABSENT is HM_NONE
    while (id != HM_NONE && costs->entries[id].depth != depth) {
        id = costs->entries[id].next;
    }
    return id != HM_NONE ? &costs->entries[id] : NULL;
}

static bool is_same(const char *a, const char *b) {
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

// Adds an entry without a version or cost, or returns NULL.
static hm_known_cost *add(hm_costs *costs, const char *name, uint32_t depth) {
    hm_known_cost *entries =
            hm_arena_grow(&costs->arena, costs->entries, costs->count, sizeof *entries);
    const char *copy = hm_arena_text(&costs->arena, name);
    if (entries == NULL) {
        return NULL;
    }
    costs->entries = entries;
    uint32_t *first = copy != NULL ? hm_names_put(&costs->first, copy) : NULL;
    if (first == NULL) {
        return NULL;
    }
    entries[costs->count] =
            (hm_known_cost){.name = copy, .depth = depth, .next = *first};
    *first = costs->count;
    return &entries[costs->count++];
}

static hm_status put(hm_costs *costs, const hm_known_cost *known) {
    hm_known_cost *entry = find(costs, known->name, known->depth);
    if (entry == NULL) {
        entry = add(costs, known->name, known->depth);
    }
    if (entry == NULL) {
        return HM_NO_MEMORY;
    }
    if (!is_same(entry->version, known->version)) {
        const char *copy = known->version != NULL
                                   ? hm_arena_text(&costs->arena, known->version)
                                   : NULL;
        if (copy == NULL && known->version != NULL) {
            return HM_NO_MEMORY;
        }
        entry->version = copy;
    }
    entry->nanoseconds = known->nanoseconds;
    return HM_OK;
}

// What a call is called in the table, without its cost.
static hm_known_cost describe(const hm_plan *plan, uint32_t call) {
    return (hm_known_cost){.name = hm_plan_call_name(plan, call),
            .depth = plan->calls[call].loop_depth,
            .version = hm_plan_graph_call(plan, call)->function->version};
}

void hm_costs_tell(const hm_costs *costs, const hm_plan *plan) {
    for (uint32_t c = 0; c < plan->call_count; c++) {
        hm_known_cost call = describe(plan, c);
        const hm_known_cost *known = find(costs, call.name, call.depth);
        if (known != NULL && is_same(known->version, call.version)) {
            atomic_store_explicit(
                    &plan->state->costs[c], known->nanoseconds, memory_order_relaxed);
        }
    }
}

hm_status hm_costs_learn(hm_costs *costs, const hm_plan *plan) {
    for (uint32_t c = 0; c < plan->call_count; c++) {
        hm_known_cost call = describe(plan, c);
        call.nanoseconds =
                atomic_load_explicit(&plan->state->costs[c], memory_order_relaxed);
        if (call.nanoseconds > 0) {
            HM_TRY(put(costs, &call));
        }
    }
    return HM_OK;
}

static void put_entry(hm_sink *sink, const hm_known_cost *entry) {
    char number[HM_NUMBER_SIZE];
    hm_sink_text(sink, "{\"name\": ");
    hm_json_put_string(sink, entry->name);
    hm_sink_text(sink, ", \"mapped\": ");
    hm_number_format(&hm_type_uint, &entry->depth, number);
    hm_sink_text(sink, number);
    hm_sink_text(sink, ", \"nanoseconds\": ");
    hm_number_format(&hm_type_float, &entry->nanoseconds, number);
    hm_sink_text(sink, number);
    hm_sink_text(sink, ", \"version\": ");
    hm_json_put_string(sink, entry->version);
    hm_sink_text(sink, "}");
}

hm_status hm_costs_write(const hm_costs *costs, hm_write *write, void *to) {
    hm_sink sink;
    hm_sink_init(&sink, write, to);
    hm_sink_text(&sink, "{\"hamilton_costs\": 1, \"nodes\": [");
    for (uint32_t i = 0; i < costs->count; i++) {
        hm_sink_text(&sink, i > 0 ? ",\n " : "\n ");
        put_entry(&sink, &costs->entries[i]);
    }
    hm_sink_text(&sink, "]}\n");
    return hm_sink_flush(&sink);
}

typedef struct hm_costs_reader {
    hm_json_scan scan;
    hm_arena scratch; // texts of the entry at hand
    hm_costs *costs;
    bool has_format;
    bool is_short; // of memory
} hm_costs_reader;

static bool is_member(hm_json_slice name, const char *member) {
    return name.length == strlen(member) && memcmp(name.text, member, name.length) == 0;
}

// Text, or NULL for null.
static bool read_text(hm_costs_reader *reader, const char *what, const char **text) {
    hm_json_scan *scan = &reader->scan;
    hm_json_slice slice;
    if (hm_json_peek(scan) == HM_JSON_NULL) {
        *text = NULL;
        return hm_json_literal(scan);
    }
    if (hm_json_peek(scan) != HM_JSON_STRING) {
        return hm_json_expected(scan, what);
    }
    if (!hm_json_string(scan, &slice)) {
        return false;
    }
    *text = hm_json_unescape(slice, &reader->scratch);
    reader->is_short |= *text == NULL;
    return *text != NULL;
}

static bool read_number(
        hm_costs_reader *reader, const hm_type *type, const char *what, void *number) {
    hm_json_scan *scan = &reader->scan;
    if (hm_json_peek(scan) != HM_JSON_NUMBER) {
        return hm_json_expected(scan, what);
    }
    hm_json_scan before = *scan;
    hm_json_slice slice;
    return hm_json_number(scan, &slice) &&
           (hm_number_read(type, slice.text, slice.length, number) == HM_NUMBER_FITS ||
                   hm_json_expected(&before, what));
}

static bool read_cost(hm_costs_reader *reader, float *nanoseconds) {
    static const char what[] = "nanoseconds above 0 and up to 1e15";
    hm_json_peek(&reader->scan);
    hm_json_scan before = reader->scan;
    if (!read_number(reader, &hm_type_float, what, nanoseconds)) {
        return false;
    }
    return (*nanoseconds > 0 && *nanoseconds <= most_nanoseconds) ||
           hm_json_expected(&before, what);
}

static bool read_entry_member(hm_costs_reader *reader, hm_known_cost *entry) {
    hm_json_slice name;
    if (!hm_json_name(&reader->scan, &name)) {
        return false;
    }
    if (is_member(name, "name")) {
        return read_text(reader, "a name", &entry->name);
    }
    if (is_member(name, "mapped")) {
        return read_number(
                reader, &hm_type_uint, "a number of dimensions", &entry->depth);
    }
    if (is_member(name, "nanoseconds")) {
        return read_cost(reader, &entry->nanoseconds);
    }
    if (is_member(name, "version")) {
        return read_text(reader, "a version", &entry->version);
    }
    return hm_json_skip(&reader->scan, NULL);
}

static bool read_entry(hm_costs_reader *reader) {
    hm_json_scan *scan = &reader->scan;
    if (hm_json_peek(scan) != HM_JSON_OBJECT) {
        return hm_json_expected(scan, "an object with a node's cost");
    }
    hm_json_scan before = *scan;
    hm_known_cost entry = {0};
    bool is_first = true;
    bool is_good = true;
    hm_json_open(scan);
    while (is_good && hm_json_next(scan, '}', &is_first)) {
        is_good = read_entry_member(reader, &entry);
    }
    if (!is_good || scan->failed) {
        return false;
    }
    if (entry.name == NULL || !(entry.nanoseconds > 0)) {
        return hm_json_fail(&before, "a node's cost has no `%s`",
                entry.name == NULL ? "name" : "nanoseconds");
    }
    reader->is_short |= put(reader->costs, &entry) != HM_OK;
    hm_arena_finish(&reader->scratch);
    return !reader->is_short;
}

static bool read_entries(hm_costs_reader *reader) {
    hm_json_scan *scan = &reader->scan;
    if (hm_json_peek(scan) != HM_JSON_ARRAY) {
        return hm_json_expected(scan, "an array of the nodes' costs");
    }
    bool is_first = true;
    bool is_good = true;
    hm_json_open(scan);
    while (is_good && hm_json_next(scan, ']', &is_first)) {
        is_good = read_entry(reader);
    }
    return is_good && !scan->failed;
}

static bool read_member(hm_costs_reader *reader) {
    hm_json_scan *scan = &reader->scan;
    hm_json_slice name;
    if (!hm_json_name(scan, &name)) {
        return false;
    }
    if (is_member(name, "nodes")) {
        return read_entries(reader);
    }
    if (!is_member(name, "hamilton_costs")) {
        return hm_json_skip(scan, NULL);
    }
    unsigned format;
    hm_json_peek(scan);
    hm_json_scan before = *scan;
    reader->has_format = true;
    return read_number(
                   reader, &hm_type_uint, "1, the version of the format", &format) &&
           (format == FORMAT ||
                   hm_json_expected(&before, "1, the version of the format"));
}

static bool read_all(hm_costs_reader *reader) {
    hm_json_scan *scan = &reader->scan;
    if (hm_json_peek(scan) != HM_JSON_OBJECT) {
        return hm_json_expected(scan, "an object with the member `hamilton_costs`");
    }
    bool is_first = true;
    bool is_good = true;
    hm_json_open(scan);
    while (is_good && hm_json_next(scan, '}', &is_first)) {
        is_good = read_member(reader);
    }
    if (!is_good || scan->failed || !hm_json_finish(scan)) {
        return false;
    }
    return reader->has_format ||
           hm_json_fail(scan, "there is no member `hamilton_costs`");
}

hm_status hm_costs_read(const char *text, const hm_allocator *allocator,
        hm_costs **costs, hm_error *error) {
    hm_costs *created;
    if (hm_costs_create(allocator, &created) != HM_OK) {
        return hm_error_no_memory(error);
    }
    hm_costs_reader reader = {.costs = created};
    hm_json_scan_init(&reader.scan, text, strlen(text), error);
    hm_arena_init(&reader.scratch, created->allocator);
    bool is_good = read_all(&reader);
    hm_arena_finish(&reader.scratch);
    if (!is_good) {
        hm_costs_destroy(created);
        return reader.is_short ? hm_error_no_memory(error) : HM_BAD_DATA;
    }
    *costs = created;
    return HM_OK;
}
