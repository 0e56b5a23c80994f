// command.h — what a command is: a name, what it takes, what it does, as data. The
// help, the man pages and the completion are made from nothing else.

#ifndef HM_CLI_COMMAND_H
#define HM_CLI_COMMAND_H

#include <stddef.h>
#include <stdint.h>

#include <hamilton/status.h>

#include "cli/session.h"

typedef struct hm_option {
    const char *name;    // without dashes
    char letter;         // of the short form, or 0
    const char *operand; // what follows it, as the help shows it; NULL for a flag
    const char *help;    // one sentence, without a final stop
    const char
            *choices; // the words that it may be, separated by spaces, or NULL for any
    bool takes_two;   // two operands follow
} hm_option;

struct hm_command {
    const char *name;
    const char *operands; // "MODULE..."
    size_t least_operands;
    size_t most_operands; // HM_ANY_NUMBER
    const char *summary;  // half a line, for the list of commands
    const char *details;  // paragraphs for the man page, separated by empty lines
    const char *example;
    const hm_option *const
            *options; // groups, each ended by one without a name; NULL ends

    // HM_OK, or what failed; why is in session->faults.
    hm_status (*run)(hm_session *session);
};

#define HM_ANY_NUMBER SIZE_MAX

// All commands, in the order in which a user meets them; NULL ends.
extern const hm_command *const hm_commands[];

// Groups that several commands share.
extern const hm_option hm_request_options[];   // what a run wants and gets
extern const hm_option hm_execution_options[]; // how a run is executed
extern const hm_option hm_dataflow_options[];  // how modules become a dataflow
extern const hm_option hm_compile_options[];   // how a .c file becomes a module
extern const hm_option hm_lineage_options[];   // a part of a dataflow
extern const hm_option hm_tag_options[];       // nodes by their tags
extern const hm_option hm_format_options[];
extern const hm_option hm_help_options[]; // every command has them

// Goes through the options of a command, group by group.
typedef struct hm_option_cursor {
    const hm_option *const *group;
    const hm_option *next;
} hm_option_cursor;

hm_option_cursor hm_options_of(const hm_command *command);

// The next option, or NULL.
const hm_option *hm_options_next(hm_option_cursor *cursor);

// The command of this name, or NULL.
const hm_command *hm_command_find(const char *name);

#endif
