// help.c — the help as it is printed on a terminal.

#include "cli/help.h"

#include <string.h>

enum { LINE_WIDTH = 80 };

// Appends words, broken into lines that begin at column `indent`; the first begins at
// column `at`.
static void append_wrapped(hm_text *text, const char *words, size_t at, size_t indent) {
    while (*words != '\0') {
        size_t length = strcspn(words, " ");
        if (at > indent && at + 1 + length > LINE_WIDTH) {
            hm_text_format(text, "\n%*s", (int)indent, "");
            at = indent;
        } else if (at > indent) {
            hm_text_append(text, " ");
            at++;
        }
        hm_text_append_bytes(text, words, length);
        at += length;
        words += length + (words[length] == ' ');
    }
    hm_text_append(text, "\n");
}

// A line with a term on the left and what it means on the right, which begins below a
// term that is too long.
static void append_term(
        hm_text *text, const char *term, size_t indent, const char *meaning) {
    hm_text_format(text, "  %s", term);
    size_t at = 2 + strlen(term);
    if (at + 2 > indent) {
        hm_text_append(text, "\n");
        at = 0;
    }
    hm_text_format(text, "%*s", (int)(indent - at), "");
    append_wrapped(text, meaning, indent, indent);
}

void hm_help_overview(hm_text *text) {
    hm_text_append(text,
            "usage: hamilton COMMAND [OPTION...] MODULE...\n\n"
            "Runs dataflows that are written as plain C functions: a function is a "
            "node, and\nits parameters name what it needs.\n\n"
            "commands:\n");
    for (const hm_command *const *at = hm_commands; *at != NULL; at++) {
        hm_text term;
        hm_text_init(&term, text->allocator);
        hm_text_format(&term, "%s %s", (*at)->name, (*at)->operands);
        append_term(text, hm_text_get(&term), 26, (*at)->summary);
        hm_text_finish(&term);
    }
    hm_text_append(text, "\noptions:\n");
    append_term(text, "--help", 26, "prints this text");
    append_term(text, "--version", 26, "prints the version");
    append_term(text, "--man [COMMAND]", 26, "prints a man page");
    append_term(text, "--completion", 26, "prints a completion for bash");
    hm_text_append(text, "\n`hamilton COMMAND --help` tells more about one of them.\n");
}

void hm_help_command(hm_text *text, const hm_command *command) {
    hm_text_format(text, "usage: hamilton %s [OPTION...] %s\n\n", command->name,
            command->operands);
    append_wrapped(text, command->summary, 0, 0);
    hm_text_append(text, "\noptions:\n");
    hm_option_cursor cursor = hm_options_of(command);
    const hm_option *option;
    while ((option = hm_options_next(&cursor)) != NULL) {
        hm_text term;
        hm_text_init(&term, text->allocator);
        if (option->letter != 0) {
            hm_text_format(&term, "-%c, ", option->letter);
        } else {
            hm_text_append(&term, "    ");
        }
        hm_text_format(&term, "--%s%s%s", option->name,
                option->operand != NULL ? " " : "",
                option->operand != NULL ? option->operand : "");
        append_term(text, hm_text_get(&term), 34, option->help);
        hm_text_finish(&term);
    }
    hm_text_format(text, "\nexample:\n  %s\n", command->example);
}
