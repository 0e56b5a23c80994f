// fuzz_binding.c — any text after -i or -c: NAME=VALUE. What it is taken for is JSON,
// and JSON is taken for itself.

#include <stdint.h>
#include <string.h>

#include "base/json_scan.h"
#include "cli/arguments.h"
#include "cli/binding.h"
#include "tests/cli/fixture.h"
#include "tests/fuzz/require.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_json(const char *text) {
    hm_json_scan scan;
    hm_json_scan_init(&scan, text, strlen(text), NULL);
    return hm_json_skip(&scan, NULL) && hm_json_finish(&scan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    hm_session session;
    hm_fixture_begin(&session);
    const char *text = hm_arena_slice(&session.arena, (const char *)data, size);
    const char *equals = strchr(text, '=');
    const char *const line[] = {"first", "-i", text};
    REQUIRE(hm_arguments_read(&session, 3, line) == HM_OK);
    if (equals == NULL || equals[1] != '@') { // which would read any file
        hm_bindings bindings = {0};
        hm_status status = hm_bindings_read(&session, "input", &bindings);
        REQUIRE((status == HM_OK) == (bindings.count == 1));
        REQUIRE((status == HM_OK) == (session.faults.count == 0));
        if (status == HM_OK) {
            const char *json = bindings.items[0].value.one.as_string;
            REQUIRE(is_json(json));
            REQUIRE(!is_json(equals + 1) || strcmp(json, equals + 1) == 0);
        }
    }
    hm_fixture_end(&session);
    return 0;
}
