// completion.c — a bash completion, written out from the tables of commands and
// options.

#include <string.h>

#include "cli/help.h"

// A `case` branch for the words that may follow an option.
static void append_operand(hm_text *text, const hm_option *option) {
    if (option->operand == NULL) {
        return;
    }
    hm_text_format(text, "            --%s", option->name);
    if (option->letter != 0) {
        hm_text_format(text, "|-%c", option->letter);
    }
    if (option->choices != NULL) {
        hm_text_format(text, ") COMPREPLY=($(compgen -W '%s' -- \"$word\")) ;;\n",
                option->choices);
    } else if (strcmp(option->operand, "FILE") == 0) {
        hm_text_append(text, ") _hamilton_files -f ;;\n");
    } else if (strcmp(option->operand, "FOLDER") == 0) {
        hm_text_append(text, ") _hamilton_files -d ;;\n");
    } else {
        hm_text_append(text, ") ;;\n");
    }
}

// What may stand in a command line of this command: `options`, and branches for those
// that take something.
static void append_command(hm_text *text, const hm_command *command) {
    hm_text_format(text, "        %s)\n            options='", command->name);
    hm_option_cursor cursor = hm_options_of(command);
    const hm_option *option;
    while ((option = hm_options_next(&cursor)) != NULL) {
        hm_text_format(text, "--%s ", option->name);
    }
    hm_text_append(text, "'\n            case $before in\n");
    cursor = hm_options_of(command);
    while ((option = hm_options_next(&cursor)) != NULL) {
        append_operand(text, option);
    }
    hm_text_append(text, "            *) plain=1 ;;\n            esac ;;\n");
}

void hm_help_completion(hm_text *text) {
    hm_text_append(text, "# bash completion for hamilton\n"
                         "_hamilton_files() { # may have blanks in their names\n"
                         "    compopt -o filenames 2>/dev/null\n"
                         "    local found\n"
                         "    mapfile -t found < <(compgen \"$@\" -- \"$word\")\n"
                         "    COMPREPLY+=(\"${found[@]}\")\n"
                         "}\n"
                         "_hamilton() {\n"
                         "    local word=${COMP_WORDS[COMP_CWORD]} "
                         "before=${COMP_WORDS[COMP_CWORD-1]}\n"
                         "    if [ \"$word\" = = ]; then # bash splits --option=value\n"
                         "        word=''\n"
                         "    elif [ \"$before\" = = ]; then\n"
                         "        before=${COMP_WORDS[COMP_CWORD-2]}\n"
                         "    fi\n"
                         "    local options='' plain=''\n"
                         "    COMPREPLY=()\n"
                         "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                         "        COMPREPLY=($(compgen -W '");
    for (const hm_command *const *at = hm_commands; *at != NULL; at++) {
        hm_text_format(text, "%s ", (*at)->name);
    }
    hm_text_append(text, "--help --version --man --completion' -- \"$word\"))\n"
                         "        return\n"
                         "    fi\n"
                         "    case ${COMP_WORDS[1]} in\n");
    for (const hm_command *const *at = hm_commands; *at != NULL; at++) {
        append_command(text, *at);
    }
    hm_text_append(text,
            "    esac\n"
            "    if [ -z \"$plain\" ]; then\n"
            "        return\n"
            "    fi\n"
            "    case $word in\n"
            "        -*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
            "        *) _hamilton_files -f -X '!*.c'\n"
            "           _hamilton_files -f -X '!*.so'\n"
            "           _hamilton_files -d ;;\n"
            "    esac\n"
            "}\n"
            "complete -F _hamilton hamilton\n");
}
