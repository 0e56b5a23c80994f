// options.c — the options that several commands share, and how to go through them.

#include <string.h>

#include "cli/command.h"

const hm_option hm_request_options[] = {
        {.name = "output",
                .letter = 'o',
                .operand = "NAME[,NAME...]",
                .help = "what is wanted; may be repeated. Without it, every node that "
                        "no other node reads, but for what checks found"},
        {.name = "input",
                .letter = 'i',
                .operand = "NAME=VALUE",
                .help = "an input as JSON: 3, 2.5, true, \"text\" (a bare word is a "
                        "string), [1,2,3]; NAME=@FILE reads it from a file"},
        {.name = "data",
                .letter = 'd',
                .operand = "FILE",
                .help = "columns that become array inputs by their names: .csv, .tsv, "
                        ".json, .ndjson or .parquet; - is standard input; JSON of one "
                        "object gives single values; duckdb:SELECT ... is what a query "
                        "answers"},
        {.name = "database",
                .operand = "FILE",
                .help = "a DuckDB file that queries of --data are asked of; it is not "
                        "changed"},
        {.name = "override",
                .operand = "NAME=VALUE",
                .help = "replaces a computed node, whose upstream is then not run"},
        {.name = NULL},
};

const hm_option hm_execution_options[] = {
        {.name = "threads",
                .letter = 't',
                .operand = "N",
                .help = "worker threads; 1 runs everything on the calling thread"},
        {.name = "costs",
                .operand = "FILE",
                .help = "how long functions took in earlier runs, which is made when "
                        "it is not there, and brought up to date by a run that "
                        "succeeds"},
        {.name = "limit",
                .operand = "NAME=N",
                .help = "at most so many nodes that are tagged HM_TAG(limit, \"NAME\") "
                        "run at once; may be repeated"},
        {.name = NULL},
};

const hm_option hm_dataflow_options[] = {
        {.name = "config",
                .letter = 'c',
                .operand = "NAME=VALUE",
                .help = "configuration, as JSON: chooses between variants of nodes"},
        {.name = "config-file",
                .operand = "FILE",
                .help = "configuration from a JSON object; --config goes first"},
        {.name = "allow-overrides", .help = "a later module may define a node anew"},
        {.name = NULL},
};

const hm_option hm_compile_options[] = {
        {.name = "include",
                .letter = 'I',
                .operand = "FOLDER",
                .help = "where a .c module's headers are looked for"},
        {.name = "define",
                .letter = 'D',
                .operand = "NAME[=VALUE]",
                .help = "defines a macro for a .c module"},
        {.name = "cflags",
                .operand = "FLAGS",
                .help = "further flags for the compiler of a .c module"},
        {.name = "ldflags",
                .operand = "FLAGS",
                .help = "further flags for linking a .c module"},
        {.name = "debug", .help = "compiles a .c module for a debugger, by -g -O0"},
        {.name = NULL},
};

const hm_option hm_lineage_options[] = {
        {.name = "upstream",
                .operand = "NAME[,NAME...]",
                .help = "these and everything that they need"},
        {.name = "downstream",
                .operand = "NAME[,NAME...]",
                .help = "these and everything that needs them"},
        {.name = "between",
                .operand = "A B",
                .help = "what lies on the paths from A to B, both included",
                .takes_two = true},
        {.name = NULL},
};

const hm_option hm_tag_options[] = {
        {.name = "tag",
                .operand = "KEY[=VALUE]",
                .help = "only nodes that are tagged so: with one of the values of a "
                        "key that is repeated, and with each of several keys"},
        {.name = NULL},
};

const hm_option hm_format_options[] = {
        {.name = "format",
                .operand = "FORMAT",
                .help = "what goes to standard output: table (the default on a "
                        "terminal), json (elsewhere) or csv",
                .choices = "table json csv"},
        {.name = NULL},
};

const hm_option hm_help_options[] = {
        {.name = "help", .letter = 'h', .help = "prints this text"},
        {.name = NULL},
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
