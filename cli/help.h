// help.h — what the tables of commands and options say, as text, man pages and
// completion.

#ifndef HM_CLI_HELP_H
#define HM_CLI_HELP_H

#include "base/text.h"
#include "cli/command.h"

// `hamilton --help`: the commands.
void hm_help_overview(hm_text *text);

// `hamilton COMMAND --help`: usage, options, an example.
void hm_help_command(hm_text *text, const hm_command *command);

// The man page hamilton-COMMAND(1), or hamilton(1) for NULL.
void hm_help_manual(hm_text *text, const hm_command *command);

// A bash completion for all commands.
void hm_help_completion(hm_text *text);

#endif
