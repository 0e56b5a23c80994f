// options.c — the options that several commands share, and how to go through them.

#include <string.h>

#include "cli/command.h"

const hm_option hm_request_options[] = {
        {"output", 'o', "NAME[,NAME...]",
                "what is wanted; may be repeated. Without it, every node that no other "
                "node reads"},
        {"input", 'i', "NAME=VALUE",
                "an input as JSON: 3, 2.5, true, \"text\" (a bare word is a string), "
                "[1,2,3]; NAME=@FILE reads it from a file"},
        {"data", 'd', "FILE",
                "columns that become array inputs by their names: .csv, .tsv, .json or "
                ".ndjson; - is standard input; JSON of one object gives single values"},
        {"override", 0, "NAME=VALUE",
                "replaces a computed node, whose upstream is then not run"},
        {0},
};

const hm_option hm_dataflow_options[] = {
        {"config", 'c', "NAME=VALUE",
                "configuration, as JSON: chooses between variants of nodes"},
        {"config-file", 0, "FILE",
                "configuration from a JSON object; --config goes first"},
        {"allow-overrides", 0, NULL, "a later module may define a node anew"},
        {0},
};

const hm_option hm_compile_options[] = {
        {"include", 'I', "FOLDER", "where a .c module's headers are looked for"},
        {"define", 'D', "NAME[=VALUE]", "defines a macro for a .c module"},
        {"cflags", 0, "FLAGS", "further flags for the compiler of a .c module"},
        {"ldflags", 0, "FLAGS", "further flags for linking a .c module"},
        {0},
};

const hm_option hm_lineage_options[] = {
        {"upstream", 0, "NAME[,NAME...]", "these and everything that they need"},
        {"downstream", 0, "NAME[,NAME...]", "these and everything that needs them"},
        {"between", 0, "A B", "what lies on the paths from A to B, both included",
                .takes_two = true},
        {0},
};

const hm_option hm_format_options[] = {
        {"format", 0, "FORMAT",
                "what goes to standard output: table (the default on a terminal), json "
                "(elsewhere) or csv",
                "table json csv"},
        {0},
};

const hm_option hm_help_options[] = {
        {"help", 'h', NULL, "prints this text"},
        {0},
};

hm_option_cursor hm_options_of(const hm_command *command) {
    return (hm_option_cursor){command->options, command->options[0]};
}

const hm_option *hm_options_next(hm_option_cursor *cursor) {
    while (cursor->next != NULL && cursor->next->name == NULL) {
        cursor->group++;
        cursor->next = *cursor->group;
    }
    return cursor->next != NULL ? cursor->next++ : NULL;
}

const hm_command *hm_command_find(const char *name) {
    for (const hm_command *const *command = hm_commands; *command != NULL; command++) {
        if (strcmp((*command)->name, name) == 0) {
            return *command;
        }
    }
    return NULL;
}
