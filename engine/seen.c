// seen.c — see seen.h. An observed node should cost little more than its hooks.

#include "engine/seen.h"

#include "engine/hooks.h"
#include "engine/run.h"

enum { MOST_LINKS = 4 };

bool hm_seen_suits(const hm_plan *plan, uint32_t call) {
    const hm_hooked *hooked = &plan->adapted->hooked[plan->calls[call].hooked];
    return hooked->want == HM_WANT_TO_SEE && hooked->link_count <= MOST_LINKS &&
           plan->calls[call].guard == HM_NONE && hooked->only != NULL;
}

// What went wrong is told by the long way.
static int fail(hm_run *run, const hm_hooked *hooked, const hm_memo *memos,
        uint32_t depth, int code) {
    hm_called *called = &run->hooks->called[hooked->number];
    const hm_failure failure = {
            .status = HM_NODE_FAILED, .code = code, .said = hm_failure_said(code)};
    hm_called_take_over(called, memos, depth);
    hm_called_fail(called, &failure);
    (void)hm_called_run(called);
    return 1;
}

static int fail_adapter(hm_run *run, const hm_hooked *hooked, const hm_memo *memos,
        uint32_t link, hm_status status, const char *doing, const hm_error *said) {
    hm_called *called = &run->hooks->called[hooked->number];
    hm_called_take_over(called, memos, link);
    hm_called_fail_adapter(called, hooked->links[link].adapter, status, doing, said);
    (void)hm_called_run(called);
    return 1;
}

int hm_seen_run(void *frame, const uint32_t *at, void *self) {
    (void)at;
    const hm_hooked *hooked = self;
    hm_run *run = ((hm_frame_head *)frame)->run;
    hm_hook_view *views = run->hooks->views;
    hm_memo memos[MOST_LINKS] = {0};
    hm_error said;
    said.message[0] = '\0';
    // Nobody may say anything, and so nothing else of it is asked for.
    hm_called called;
    called.call = (hm_call){.node = hooked->node, .row_count = 1, .message = ""};
    called.run = run;
    called.hooked = hooked;
    called.is_in_hook = false;
    for (uint32_t i = 0; i < hooked->link_count; i++) {
        const hm_adapter *adapter = hooked->links[i].adapter;
        if (adapter->before != NULL) {
            called.call.running = &views[hooked->links[i].number].running;
            called.call.memo = &memos[i];
            hm_status status = adapter->before(adapter->self, &called.call, &said);
            if (status != HM_OK && !adapter->only_observes) {
                return fail_adapter(
                        run, hooked, memos, i, status, "failed before node", &said);
            }
        }
    }
    int code = hooked->only(frame, hooked->at, hooked->self);
    if (__builtin_expect(code != 0, false)) {
        return fail(run, hooked, memos, hooked->link_count, code);
    }
    for (uint32_t i = hooked->link_count; i-- > 0;) {
        const hm_adapter *adapter = hooked->links[i].adapter;
        if (adapter->after != NULL) {
            called.call.running = &views[hooked->links[i].number].running;
            called.call.memo = &memos[i];
            hm_status status = adapter->after(adapter->self, &called.call, &said);
            if (status != HM_OK && !adapter->only_observes) {
                return fail_adapter(
                        run, hooked, memos, i, status, "failed after node", &said);
            }
        }
    }
    return 0;
}
