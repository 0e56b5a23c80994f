// run_faults.c — --fault: nodes that are slow or fail because it is asked for, see
// <hamilton/faults.h>.

#include <stdlib.h>
#include <string.h>

#include <hamilton/faults.h>

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/run_adapters.h"
#include "cli/which.h"

enum { NANOSECONDS = 1000000 }; // of a millisecond

// The number behind a word and its colon, of which it is all.
static bool read_number(const char *word, size_t length, const char *name, double most,
        double *number) {
    size_t start = strlen(name);
    if (length <= start + 1 || strncmp(word, name, start) != 0 || word[start] != ':') {
        return false;
    }
    char *end;
    *number = strtod(word + start + 1, &end);
    return end == word + length && *number >= 0 && *number <= most;
}

static bool read_word(hm_fault *fault, const char *word, size_t length) {
    static const double most_milliseconds = 1e9;
    double number;
    if (length == 4 && strncmp(word, "fail", 4) == 0) {
        fault->probability = 1;
    } else if (read_number(word, length, "fail", 1e15, &number)) {
        fault->fail_at = (uint64_t)number;
        return fault->fail_at > 0 && (double)fault->fail_at == number;
    } else if (read_number(word, length, "probability", 1, &number)) {
        fault->probability = number;
    } else if (read_number(word, length, "delay", most_milliseconds, &number)) {
        fault->delay = (uint64_t)(number * NANOSECONDS);
    } else if (read_number(word, length, "deviation", most_milliseconds, &number)) {
        fault->deviation = (uint64_t)(number * NANOSECONDS);
    } else {
        return false;
    }
    return true;
}

// A message is what is left: it may have commas.
static bool read_words(hm_fault *fault, const char *text) {
    static const char message[] = "message:";
    const char *word;
    size_t length;
    bool is_read = *text != '\0';
    while (is_read && hm_which_word(&text, &word, &length)) {
        if (strncmp(word, message, sizeof message - 1) == 0) {
            fault->message = word + sizeof message - 1;
            return true;
        }
        is_read = read_word(fault, word, length);
    }
    return is_read;
}

static hm_status read_fault(hm_session *session, const char *text, hm_fault *fault) {
    size_t length = strcspn(text, "=");
    hm_which_nodes which;
    *fault = (hm_fault){0};
    if (length == 0 || text[length] != '=' || !read_words(fault, text + length + 1)) {
        return hm_session_fail(session, HM_BAD_ARGUMENT,
                "write NODE=delay:MILLISECONDS, NODE=fail, NODE=fail:CALL or "
                "NODE=probability:P, several of them with commas between, "
                "deviation:MILLISECONDS and at last message:TEXT; @TAG in place of "
                "NODE is nodes with a tag, and * all",
                "--fault cannot be `%s`", text);
    }
    HM_TRY(hm_which_read(session, text, length, &which));
    fault->node = which.node;
    fault->tag = which.tag;
    return HM_OK;
}

static hm_status read_faults(hm_session *session, hm_faults_options *options) {
    hm_fault *faults =
            hm_arena_array(&session->arena, session->given_count, sizeof *faults);
    if (faults == NULL) {
        return hm_session_no_memory(session);
    }
    size_t at = 0;
    const hm_given *given;
    while ((given = hm_arguments_next(session, "fault", &at)) != NULL) {
        HM_TRY(read_fault(session, given->value, &faults[options->count]));
        options->count++;
    }
    options->items = faults;
    uint32_t seed = 0;
    HM_TRY(hm_arguments_number(session, "fault-seed", UINT32_MAX, &seed));
    options->seed = seed;
    return HM_OK;
}

static hm_status create(hm_session *session, void **self) {
    if (hm_arguments_value(session, "fault") == NULL) {
        return HM_OK;
    }
    hm_faults_options options = HM_FAULTS_OPTIONS_INIT;
    HM_TRY(read_faults(session, &options));
    hm_fault_injection *injection;
    hm_error error;
    hm_status status = hm_fault_injection_create(&options, &injection, &error);
    if (status != HM_OK) {
        return hm_session_fail(session, status, NULL, "%s", error.message);
    }
    *self = injection;
    return HM_OK;
}

static size_t parts(void *self, const hm_adapter *made[HM_RUN_ADAPTER_PARTS]) {
    made[0] = hm_fault_injection_adapter(self);
    return 1;
}

static void destroy(void *self) {
    hm_fault_injection_destroy(self);
}

const hm_option hm_run_faults_options[] = {
        {.name = "fault",
                .operand = "NODE=FAULT[,FAULT...]",
                .help = "a node, @TAG or * is slow or fails, to test what is around "
                        "it: "
                        "delay:MILLISECONDS, deviation:MILLISECONDS, fail, fail:CALL, "
                        "probability:P, message:TEXT; may be repeated"},
        {.name = "fault-seed",
                .operand = "NUMBER",
                .help = "of what is random in --fault"},
        {.name = NULL},
};

const hm_run_adapter hm_run_faults = {
        .create = create, .parts = parts, .destroy = destroy};
