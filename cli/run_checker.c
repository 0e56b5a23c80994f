// run_checker.c — --check-values: values between nodes are as they should be, see
// <hamilton/checker.h>.

#include <stdlib.h>
#include <string.h>

#include <hamilton/checker.h>

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/run_adapters.h"
#include "cli/which.h"

// One end of a range, which may be open.
static bool read_end(const char *text, size_t length, bool *is_there, double *number) {
    char digits[64];
    char *end;
    *is_there = length > 0;
    if (length == 0 || length >= sizeof digits) {
        return length == 0;
    }
    memcpy(digits, text, length);
    digits[length] = '\0';
    *number = strtod(digits, &end);
    return end == digits + length;
}

// LEAST..MOST; a number may have points itself.
static bool read_range(hm_checked_value *value, const char *word, size_t length) {
    for (size_t i = 0; i + 1 < length; i++) {
        if (word[i] == '.' && word[i + 1] == '.') {
            bool is_read = read_end(word, i, &value->has_least, &value->least) &&
                           read_end(word + i + 2, length - i - 2, &value->has_most,
                                   &value->most);
            return is_read && (value->has_least || value->has_most);
        }
    }
    return false;
}

static bool is_word(const char *word, size_t length, const char *name) {
    return strlen(name) == length && strncmp(word, name, length) == 0;
}

static bool read_words(hm_checked_value *value, const char *text) {
    const char *word;
    size_t length;
    bool is_read = *text != '\0';
    while (is_read && hm_which_word(&text, &word, &length)) {
        if (is_word(word, length, "finite")) {
            value->refuses_nan = true;
            value->refuses_infinite = true;
        } else if (is_word(word, length, "no-nan")) {
            value->refuses_nan = true;
        } else {
            is_read = is_word(word, length, "valid") || read_range(value, word, length);
        }
    }
    return is_read;
}

static hm_status read_value(
        hm_session *session, const char *text, hm_checked_value *value) {
    size_t length = strcspn(text, "=");
    hm_which_nodes which;
    *value = (hm_checked_value){0};
    if (length == 0 || text[length] != '=' || !read_words(value, text + length + 1)) {
        return hm_session_fail(session, HM_BAD_ARGUMENT,
                "write NAME=valid, NAME=no-nan, NAME=finite or NAME=LEAST..MOST, "
                "several of them with commas between; @TAG in place of NAME is nodes "
                "with a tag, and * all",
                "--check-values cannot be `%s`", text);
    }
    HM_TRY(hm_which_read(session, text, length, &which));
    value->node = which.node;
    value->tag = which.tag;
    return HM_OK;
}

static hm_status create(hm_session *session, void **self) {
    if (hm_arguments_value(session, "check-values") == NULL) {
        return HM_OK;
    }
    hm_checked_value *values =
            hm_arena_array(&session->arena, session->given_count, sizeof *values);
    if (values == NULL) {
        return hm_session_no_memory(session);
    }
    hm_checker_options options = HM_CHECKER_OPTIONS_INIT;
    options.values = values;
    size_t at = 0;
    const hm_given *given;
    while ((given = hm_arguments_next(session, "check-values", &at)) != NULL) {
        HM_TRY(read_value(session, given->value, &values[options.value_count]));
        options.value_count++;
    }
    hm_checker *checker;
    hm_error error;
    hm_status status = hm_checker_create(&options, &checker, &error);
    if (status != HM_OK) {
        return hm_session_fail(session, status, NULL, "%s", error.message);
    }
    *self = checker;
    return HM_OK;
}

static size_t parts(void *self, const hm_adapter *made[HM_RUN_ADAPTER_PARTS]) {
    made[0] = hm_checker_adapter(self);
    return 1;
}

static void destroy(void *self) {
    hm_checker_destroy(self);
}

const hm_option hm_run_checker_options[] = {
        {.name = "check-values",
                .operand = "NAME=CHECK[,CHECK...]",
                .help = "what a node or input, @TAG or * is to be like: valid, no-nan, "
                        "finite, LEAST..MOST; may be repeated"},
        {.name = NULL},
};

const hm_run_adapter hm_run_checker = {
        .create = create, .parts = parts, .destroy = destroy};
