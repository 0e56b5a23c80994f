// commands.h — the commands, each in the file cmd_<name>.c.

#ifndef HM_CLI_COMMANDS_H
#define HM_CLI_COMMANDS_H

#include "cli/command.h"

extern const hm_command hm_command_run;
extern const hm_command hm_command_replay;
extern const hm_command hm_command_list;
extern const hm_command hm_command_view;
extern const hm_command hm_command_validate;
extern const hm_command hm_command_explain;
extern const hm_command hm_command_build;
extern const hm_command hm_command_reflect;
extern const hm_command hm_command_version;
extern const hm_command hm_command_diff;
extern const hm_command hm_command_lineage;
extern const hm_command hm_command_cache;

#endif
