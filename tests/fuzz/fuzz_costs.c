// fuzz_costs.c — any bytes as the text of costs. What is taken is written, read again
// and written again, which must change nothing; jansson must agree that it is JSON.

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/costs.h>

#include "base/text.h"
#include "tests/fuzz/require.h"
#include "tests/support/failing_allocator.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(const hm_costs *costs) {
    hm_text first;
    hm_text second;
    hm_text_init(&first, NULL);
    hm_text_init(&second, NULL);
    REQUIRE(hm_costs_write(costs, hm_text_write, &first) == HM_OK);
    json_t *json = json_loads(hm_text_get(&first), 0, NULL);
    REQUIRE(json != NULL);
    REQUIRE(json_array_size(json_object_get(json, "nodes")) == hm_costs_count(costs));
    json_decref(json);
    hm_costs *again;
    REQUIRE(hm_costs_read(hm_text_get(&first), NULL, &again, NULL) == HM_OK);
    REQUIRE(hm_costs_write(again, hm_text_write, &second) == HM_OK);
    REQUIRE(strcmp(hm_text_get(&first), hm_text_get(&second)) == 0);
    hm_costs_destroy(again);
    hm_text_finish(&first);
    hm_text_finish(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = malloc(size + 1);
    REQUIRE(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';

    hm_failing_allocator counting;
    hm_failing_allocator_init(&counting);
    hm_costs *costs;
    hm_error error = {.message = ""};
    hm_status status = hm_costs_read(text, &counting.allocator, &costs, &error);
    if (status == HM_OK) {
        check_round_trip(costs);
        hm_costs_destroy(costs);
    } else {
        REQUIRE(status == HM_BAD_DATA && error.message[0] != '\0');
    }
    REQUIRE(counting.live == 0);

    size_t calls = counting.calls;
    hm_failing_allocator_init(&counting);
    counting.fail_at = 1 + size % calls;
    if (hm_costs_read(text, &counting.allocator, &costs, NULL) == HM_OK) {
        REQUIRE(false);
    }
    REQUIRE(counting.live == 0);
    free(text);
    return 0;
}
