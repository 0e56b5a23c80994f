// file.h — whole files: read, digested, removed.

#ifndef HM_CLI_FILE_H
#define HM_CLI_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/status.h>

#include "base/digest.h"
#include "base/target.h"
#include "cli/session.h"

// The content of a text file, or of standard input for "-", without a mark that says
// UTF-8. It ends with a NUL that length does not count, and lives as long as the
// session.
hm_status hm_file_read(
        hm_session *session, const char *path, const char **text, size_t *length);

// Reads what an open file holds from where it stands.
hm_status hm_file_read_open(hm_session *session, int file, const char *path,
        const char **text, size_t *length);

// hm_target_init() and hm_target_commit(), whose errors become faults of the session.
hm_status hm_file_create(hm_session *session, const char *path, hm_target *target);
hm_status hm_file_commit(hm_session *session, const char *path, hm_target *target);

// Whether a file that is not there can be made: better told before the work is done.
hm_status hm_file_check_folder(hm_session *session, const char *path);

// The same for a file that may be there, and is to be a regular one; it is the operand
// of an option.
hm_status hm_file_check_place(
        hm_session *session, const char *path, const char *option);

// The same where devices and pipes will do as well, but no folder.
hm_status hm_file_check_writable(hm_session *session, const char *path);

// Writes a new file, or one in the place of an old one, which appears whole or not at
// all.
hm_status hm_file_write(
        hm_session *session, const char *path, const char *text, size_t length);

// The digest of a file's bytes; false if it cannot be read, with errno.
bool hm_file_digest(const char *path, char digest[HM_DIGEST_SIZE]);

// Removes a folder with all that is in it. Links are removed, not followed.
void hm_file_remove_folder(const char *path);

// The part of a path behind the last slash.
const char *hm_file_name(const char *path);

bool hm_file_has_suffix(const char *path, const char *suffix);

#endif
