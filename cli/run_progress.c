// run_progress.c — --progress: how far the run is, on standard error.

#include <stdlib.h>
#include <string.h>

#include <hamilton/progress.h>

#include "cli/arguments.h"
#include "cli/run_adapters.h"
#include "cli/terminal.h"

static size_t width(void *to) {
    return hm_terminal_of(to).width;
}

// In one piece, so that nothing comes between.
static bool write_whole(const char *text, size_t length, void *to) {
    return hm_terminal_write(text, length, to) && fflush(to) == 0;
}

static hm_status create(hm_session *session, void **self) {
    if (hm_arguments_value(session, "progress") == NULL) {
        return HM_OK;
    }
    const char *term = getenv("TERM");
    hm_terminal terminal = hm_terminal_of(stderr);
    hm_progress_options options = HM_PROGRESS_OPTIONS_INIT;
    options.write = write_whole;
    options.to = stderr;
    options.is_terminal =
            terminal.is_terminal && term != NULL && strcmp(term, "dumb") != 0;
    options.has_colour = terminal.has_colour;
    options.width = width;
    // Lines are told of every run that was asked for them.
    options.delay = options.is_terminal ? 0 : 1;
    hm_progress *progress;
    if (hm_progress_create(&options, &progress, NULL) != HM_OK) {
        return hm_session_no_memory(session);
    }
    *self = progress;
    return HM_OK;
}

static size_t parts(void *self, const hm_adapter *made[HM_RUN_ADAPTER_PARTS]) {
    made[0] = hm_progress_adapter(self);
    return 1;
}

static void executed(void *self) {
    hm_progress_dismiss(self);
}

static void destroy(void *self) {
    hm_progress_destroy(self);
}

const hm_option hm_run_progress_options[] = {
        {.name = "progress",
                .help = "shows on standard error how far the run is: a bar on a "
                        "terminal, a line now and then elsewhere"},
        {.name = NULL},
};

const hm_run_adapter hm_run_progress = {
        .create = create, .parts = parts, .executed = executed, .destroy = destroy};
