// fuzz_config.c — any bytes as the configuration of a driver: a JSON object with a
// member for each key, or else the text of one key's value.

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/driver.h>

#include "base/arena.h"
#include "base/json_scan.h"
#include "tests/fuzz/require.h"
#include "tests/support/failing_allocator.h"
#include "tests/support/module_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char source[] =
        "struct range { double low; double high; };\n"
        "HM_WHEN(region, us, 2, 2.5, true) double price__us(double cost);\n"
        "HM_WHEN_NOT(region, us) double price__other(double cost, int rate);\n"
        "HM_OTHERWISE double price(void);\n"
        "HM_WHEN(level, 9223372036854775807, -1, low) int level__known(int days);\n"
        "double total(double price, HM_DEFAULT(2) int days, struct range range);\n"
        "double mean(size_t n, const double spend[n], const char *name);\n";

enum { MOST_KEYS = 16 };

// A key for each member of an object.
static size_t read_keys(
        const char *text, size_t length, hm_arena *arena, hm_binding *config) {
    hm_json_scan scan;
    hm_json_scan_init(&scan, text, length, NULL);
    size_t count = 0;
    if (hm_json_peek(&scan) != HM_JSON_OBJECT) {
        return 0;
    }
    hm_json_open(&scan);
    bool is_first = true;
    while (count < MOST_KEYS && hm_json_next(&scan, '}', &is_first)) {
        hm_json_slice name;
        hm_json_slice value;
        if (!hm_json_name(&scan, &name) || !hm_json_skip(&scan, &value)) {
            break;
        }
        const char *value_text = hm_arena_slice(arena, value.text, value.length);
        config[count].name = hm_json_unescape(name, arena);
        REQUIRE(value_text != NULL && config[count].name != NULL);
        config[count++].value = hm_value_json(value_text);
    }
    return count;
}

// Returns how often memory was asked for. fail_at is the call that fails, or 0.
static size_t build(
        const hm_binding *config, size_t count, size_t fail_at, hm_status *status) {
    static const hm_module *module; // made once: it holds memory until the end
    if (module == NULL) {
        module = hm_module_text("price.c", source);
    }
    hm_failing_allocator failing;
    hm_failing_allocator_init(&failing);
    failing.fail_at = fail_at;
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = &module;
    options.module_count = 1;
    options.config = config;
    options.config_count = count;
    options.allocator = &failing.allocator;
    hm_driver *driver;
    hm_error error = {.message = ""};
    *status = hm_driver_create(&options, &driver, &error);
    if (*status == HM_OK) {
        hm_driver_destroy(driver);
    } else {
        REQUIRE(error.status == *status && error.message[0] != '\0');
    }
    REQUIRE(failing.live == 0);
    return failing.calls;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    hm_arena arena;
    hm_arena_init(&arena, hm_allocator_default());
    hm_binding config[MOST_KEYS];
    const char *text = hm_arena_slice(&arena, (const char *)data, size);
    REQUIRE(text != NULL);
    size_t count = read_keys(text, size, &arena, config);
    if (count == 0) {
        config[count++] = (hm_binding){"region", hm_value_json(text)};
    }
    hm_status status;
    hm_status status_without_memory;
    size_t calls = build(config, count, 0, &status);
    build(config, count, 1 + size % calls, &status_without_memory);
    REQUIRE(status_without_memory == HM_NO_MEMORY || status != HM_OK);
    hm_arena_finish(&arena);
    return 0;
}
