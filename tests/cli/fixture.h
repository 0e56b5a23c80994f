// fixture.h — a session of the command line, and a folder for its files.

#ifndef HM_TESTS_CLI_FIXTURE_H
#define HM_TESTS_CLI_FIXTURE_H

#include "cli/command.h"
#include "cli/session.h"

// A command with options of every kind: --wanted -w, --pair A B, --flag -f, --other -x,
// --format (table or json).
extern const hm_command hm_fixture_command;

// Begins a session of that command.
void hm_fixture_begin(hm_session *session);
void hm_fixture_end(hm_session *session);

// The message of the fault at index, or "" if there are not so many.
const char *hm_fixture_fault(const hm_session *session, size_t index);
const char *hm_fixture_mend(const hm_session *session, size_t index);

// A new folder; what is in it is removed with it.
const char *hm_fixture_folder(hm_session *session);

// Writes a file in a folder and returns its path.
const char *hm_fixture_file(
        hm_session *session, const char *folder, const char *name, const char *text);

#endif
