// manual.c — the man pages, in roff.

#include <string.h>

#include <hamilton/version.h>

#include "cli/help.h"

// Text that roff takes literally: dashes stay dashes, a line begins with no request.
static void append_roff(hm_text *text, const char *words) {
    for (const char *at = words; *at != '\0'; at++) {
        bool starts_line = at == words || at[-1] == '\n';
        if (starts_line && (*at == '.' || *at == '\'')) {
            hm_text_append(text, "\\&");
        }
        if (*at == '-') {
            hm_text_append(text, "\\-");
        } else if (*at == '\\') {
            hm_text_append(text, "\\e");
        } else {
            hm_text_append_bytes(text, at, 1);
        }
    }
}

static void append_paragraphs(hm_text *text, const char *paragraphs) {
    for (const char *at = paragraphs; *at != '\0';) {
        const char *end = strstr(at, "\n\n");
        size_t length = end != NULL ? (size_t)(end - at) : strlen(at);
        hm_text_append(text, ".PP\n");
        hm_text paragraph;
        hm_text_init(&paragraph, text->allocator);
        hm_text_append_bytes(&paragraph, at, length);
        append_roff(text, hm_text_get(&paragraph));
        hm_text_append(text, "\n");
        hm_text_finish(&paragraph);
        at += length + (end != NULL ? 2 : 0);
    }
}

static void append_title(hm_text *text, const char *name, const char *summary) {
    hm_text_format(text, ".TH \"%s\" 1 \"\" \"hamilton %s\" \"Hamilton\"\n", name,
            hm_version());
    hm_text_append(text, ".SH NAME\n");
    append_roff(text, name);
    hm_text_append(text, " \\- ");
    append_roff(text, summary);
    hm_text_append(text, "\n.SH SYNOPSIS\n");
}

static void append_option(hm_text *text, const hm_option *option) {
    hm_text_append(text, ".TP\n");
    if (option->letter != 0) {
        hm_text_format(text, "\\fB\\-%c\\fR, ", option->letter);
    }
    hm_text_append(text, "\\fB\\-\\-");
    append_roff(text, option->name);
    hm_text_append(text, "\\fR");
    if (option->operand != NULL) {
        hm_text_append(text, " \\fI");
        append_roff(text, option->operand);
        hm_text_append(text, "\\fR");
    }
    hm_text_append(text, "\n");
    append_roff(text, option->help);
    hm_text_append(text, "\n");
}

static void append_exit_codes(hm_text *text) {
    hm_text_append(text,
            ".SH EXIT STATUS\n"
            ".TP\n0\ndone\n"
            ".TP\n1\na node failed, or lengths that only the run could know "
            "did not match\n"
            ".TP\n2\nthe request or the dataflow is wrong\n"
            ".TP\n130\ncancelled by Ctrl\\-C\n");
}

static void append_overview(hm_text *text) {
    append_title(
            text, "hamilton", "run dataflows that are written as plain C functions");
    hm_text_append(text, "\\fBhamilton\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR...] "
                         "\\fIMODULE\\fR...\n.SH DESCRIPTION\n");
    append_paragraphs(text,
            "A module is a C file. Each function that it defines is a node of the "
            "dataflow, and the names of its parameters say which nodes and inputs it "
            "needs. A MODULE is such a .c file, which is compiled when it is seen for "
            "the "
            "first time, or a .so file made of one by `hamilton build`.");
    hm_text_append(text, ".SH COMMANDS\n");
    for (const hm_command *const *at = hm_commands; *at != NULL; at++) {
        hm_text_format(text, ".TP\n\\fBhamilton\\-%s\\fR(1)\n", (*at)->name);
        append_roff(text, (*at)->summary);
        hm_text_append(text, "\n");
    }
    append_exit_codes(text);
    hm_text_append(text,
            ".SH ENVIRONMENT\n"
            ".TP\n\\fBXDG_CACHE_HOME\\fR\nwhere compiled modules are kept, in the "
            "folder "
            "\\fIhamilton\\fR; \\fI~/.cache\\fR without it\n"
            ".TP\n\\fBCC\\fR\nthe compiler, \\fIcc\\fR or \\fIgcc\\fR without it\n"
            ".TP\n\\fBNO_COLOR\\fR\nno colour, even on a terminal\n");
}

void hm_help_manual(hm_text *text, const hm_command *command) {
    if (command == NULL) {
        append_overview(text);
        return;
    }
    hm_text name;
    hm_text_init(&name, text->allocator);
    hm_text_format(&name, "hamilton-%s", command->name);
    append_title(text, hm_text_get(&name), command->summary);
    hm_text_finish(&name);
    hm_text_format(text, "\\fBhamilton %s\\fR [\\fIOPTION\\fR...] \\fI%s\\fR\n",
            command->name, command->operands);
    hm_text_append(text, ".SH DESCRIPTION\n");
    append_paragraphs(text, command->details);
    hm_text_append(text, ".SH OPTIONS\n");
    hm_option_cursor cursor = hm_options_of(command);
    const hm_option *option;
    while ((option = hm_options_next(&cursor)) != NULL) {
        append_option(text, option);
    }
    append_exit_codes(text);
    hm_text_append(text, ".SH EXAMPLE\n.EX\n");
    append_roff(text, command->example);
    hm_text_append(text, "\n.EE\n.SH SEE ALSO\n\\fBhamilton\\fR(1)\n");
}
