// explain_text.h — a plan for the eye, and as CSV.

#ifndef HM_CLI_EXPLAIN_TEXT_H
#define HM_CLI_EXPLAIN_TEXT_H

#include <stdint.h>

#include <hamilton/explain.h>
#include <hamilton/status.h>

#include "cli/session.h"
#include "cli/words.h"

// How long runs took, in nanoseconds.
typedef struct hm_explain_runs {
    uint32_t count; // 0: there was none
    uint64_t first;
    uint64_t best;
    uint64_t sum;
} hm_explain_runs;

// Prints a summary, the nodes by task, the critical path and the frame. Of long lists
// only a part is shown, unless the session's --all says otherwise.
hm_status hm_explain_print(hm_session *session, const hm_explanation *explanation,
        const hm_explain_runs *runs, const hm_words *unread);

// Prints the nodes, a line each.
hm_status hm_explain_print_csv(hm_session *session, const hm_explanation *explanation);

#endif
