// run_timeout.c — --timeout NODE=MS: nodes that take too long fail.

#include <hamilton/timeout.h>

#include "base/error.h"
#include "cli/node_rules.h"
#include "cli/run_adapters.h"

enum { MOST_MILLISECONDS = 1000000000, MILLISECOND = 1000000 };

static hm_status create(hm_session *session, void **self) {
    hm_node_rules rules;
    HM_TRY(hm_node_rules_read(
            session, "timeout", MOST_MILLISECONDS, MILLISECOND, &rules));
    if (!rules.is_given) {
        return HM_OK;
    }
    hm_timeout_options options = HM_TIMEOUT_OPTIONS_INIT;
    options.rules = rules.items;
    options.rule_count = rules.count;
    hm_timeout *timeout;
    if (hm_timeout_create(&options, &timeout, NULL) != HM_OK) {
        return hm_session_no_memory(session);
    }
    *self = timeout;
    return HM_OK;
}

static size_t parts(void *self, const hm_adapter *made[HM_RUN_ADAPTER_PARTS]) {
    made[0] = hm_timeout_adapter(self);
    return 1;
}

static void destroy(void *self) {
    hm_timeout_destroy(self);
}

const hm_option hm_run_timeout_options[] = {
        {.name = "timeout",
                .operand = "NODE=MS",
                .help = "fails a node that takes longer than so many milliseconds, "
                        "each time it is called; `tagged` means nodes with "
                        "HM_TAG(timeout_ms, MS), which are limited in any case then; "
                        "may be repeated"},
        {.name = NULL},
};

const hm_run_adapter hm_run_timeout = {
        .create = create, .parts = parts, .destroy = destroy};
