// fixture.c — see fixture.h.

#include "tests/cli/fixture.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocator.h"
#include "cli/file.h"

static const hm_option own_options[] = {
        {.name = "wanted", .letter = 'w', .operand = "NAME", .help = "what"},
        {.name = "pair", .operand = "A B", .help = "two", .takes_two = true},
        {.name = "flag", .letter = 'f', .help = "whether"},
        {.name = "other", .letter = 'x', .help = "whether"},
        {.name = "format", .operand = "FORMAT", .help = "how", .choices = "table json"},
        {.name = NULL},
};

static const hm_option *const options[] = {
        own_options, hm_request_options, hm_dataflow_options, hm_help_options, NULL};

const hm_command hm_fixture_command = {
        .name = "test",
        .operands = "FIRST SECOND",
        .least_operands = 1,
        .most_operands = 2,
        .options = options,
};

const hm_command *const hm_commands[] = {&hm_fixture_command, NULL};

// Not of Check, so that fuzz targets can use this too.
static void require(bool condition) {
    if (!condition) {
        abort();
    }
}

void hm_fixture_begin(hm_session *session) {
    *session = (hm_session){.command = &hm_fixture_command};
    hm_arena_init(&session->arena, hm_allocator_default());
    session->faults.error = &session->error;
    require(hm_diagnostics_create(NULL, &session->faults.list) == HM_OK);
}

void hm_fixture_end(hm_session *session) {
    hm_diagnostics_destroy(session->faults.list);
    hm_arena_finish(&session->arena);
}

const char *hm_fixture_fault(const hm_session *session, size_t index) {
    return index < hm_diagnostics_count(session->faults.list)
                   ? hm_diagnostics_at(session->faults.list, index)->message
                   : "";
}

const char *hm_fixture_mend(const hm_session *session, size_t index) {
    const char *mend = index < hm_diagnostics_count(session->faults.list)
                               ? hm_diagnostics_at(session->faults.list, index)->mend
                               : NULL;
    return mend != NULL ? mend : "";
}

const char *hm_fixture_folder(hm_session *session) {
    char *folder = hm_session_text(session, "/tmp/hamilton-test.XXXXXX");
    require(mkdtemp(folder) != NULL);
    return folder;
}

const char *hm_fixture_file(
        hm_session *session, const char *folder, const char *name, const char *text) {
    const char *path = hm_session_text(session, "%s/%s", folder, name);
    require(hm_file_write(session, path, text, strlen(text)) == HM_OK);
    return path;
}
