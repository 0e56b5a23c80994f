// run_retry.c — --retry NODE=N: nodes that fail are called again.

#include "base/error.h"
#include "cli/node_rules.h"
#include "cli/run_adapters.h"

enum { MOST_TIMES = 1000000 };

static hm_status create(hm_session *session, void **self) {
    hm_node_rules rules;
    HM_TRY(hm_node_rules_read(session, "retry", MOST_TIMES, 1, &rules));
    if (!rules.is_given) {
        return HM_OK;
    }
    hm_retry_options options = HM_RETRY_OPTIONS_INIT;
    options.rules = rules.items;
    options.rule_count = rules.count;
    hm_retry *retry;
    if (hm_retry_create(&options, &retry, NULL) != HM_OK) {
        return hm_session_no_memory(session);
    }
    *self = retry;
    return HM_OK;
}

static size_t parts(void *self, const hm_adapter *made[HM_RUN_ADAPTER_PARTS]) {
    made[0] = hm_retry_adapter(self);
    return 1;
}

static void destroy(void *self) {
    hm_retry_destroy(self);
}

const hm_option hm_run_retry_options[] = {
        {.name = "retry",
                .operand = "NODE=N",
                .help = "calls a node again if it fails, at most N times, after pauses "
                        "that double from 10 ms on; `tagged` means nodes with "
                        "HM_TAG(retry, N), which are called again in any case then; "
                        "may be repeated"},
        {.name = NULL},
};

const hm_run_adapter hm_run_retry = {
        .create = create, .parts = parts, .destroy = destroy};
