// validators_expect.c — what validators expect, in words: "from 0 to 1".

#include <hamilton/json.h>

#include "graph/modifiers/validators.h"

static void append_literals(hm_text *text, const hm_modifier *modifier) {
    size_t count = modifier->argument_count - 1;
    for (size_t i = 0; i < count; i++) {
        const hm_argument *literal = &modifier->arguments[i];
        hm_text_append(text, i > 0 ? ", " : "");
        if (literal->kind == HM_ARGUMENT_STRING) {
            // HM_IO is the writer's own, which remembers that memory ran out.
            (void)!hm_json_write_string(literal->text, hm_text_write, text);
        } else {
            hm_text_append(text, literal->text);
        }
    }
}

void hm_validator_expect(const hm_modifier *modifier, hm_text *text) {
    const hm_argument *bounds = modifier->arguments;
    switch (hm_validator_find(modifier)->kind) {
    case HM_VALIDATOR_RANGE:
    case HM_VALIDATOR_MEAN_IN_RANGE:
        hm_text_format(text, "from %s to %s", bounds[0].text, bounds[1].text);
        break;
    case HM_VALIDATOR_FINITE:
        hm_text_append(text, "finite");
        break;
    case HM_VALIDATOR_VALUES_IN:
        hm_text_append(text, "among ");
        append_literals(text, modifier);
        break;
    case HM_VALIDATOR_MAX_NAN_FRACTION:
    case HM_VALIDATOR_MAX_STD_DEV:
        hm_text_format(text, "at most %s", bounds[0].text);
        break;
    case HM_VALIDATOR_CONTAINS:
        append_literals(text, modifier);
        break;
    case HM_VALIDATOR_OWN:
        hm_text_append(text, bounds[0].text);
        break;
    }
}
