// cmd_reflect.c — hamilton reflect: writes the tables that describe a C file's
// functions, for another build system to compile.

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/compiler.h"
#include "cli/file.h"
#include "cli/reflector.h"

// A name as make and ninja read it.
static void append_escaped(hm_text *text, const char *name) {
    for (const char *at = name; *at != '\0'; at++) {
        if (*at == ' ' || *at == '#') {
            hm_text_append(text, "\\");
        } else if (*at == '$') {
            hm_text_append(text, "$");
        }
        hm_text_append_bytes(text, at, 1);
    }
}

static hm_status write_text(hm_session *session, const char *path, hm_text *text) {
    hm_status status = text->failed ? hm_session_no_memory(session)
                                    : hm_file_write(session, path, hm_text_get(text),
                                              text->length);
    hm_text_finish(text);
    return status;
}

// --depfile: what the written file was made of, as a rule of make.
static hm_status write_dependencies(
        hm_session *session, const hm_reflection *reflection, const char *target) {
    const char *path = hm_arguments_value(session, "depfile");
    if (path == NULL) {
        return HM_OK;
    }
    hm_text text;
    hm_text_init(&text, NULL);
    append_escaped(&text, target);
    hm_text_append(&text, ":");
    for (size_t i = 0; i < reflection->file_count; i++) {
        hm_text_append(&text, " \\\n ");
        append_escaped(&text, reflection->files[i]);
    }
    hm_text_append(&text, "\n");
    return write_text(session, path, &text);
}

static hm_status write_flags(hm_session *session, const hm_reflection *reflection) {
    const char *path = hm_arguments_value(session, "flags-file");
    if (path == NULL) {
        return HM_OK;
    }
    hm_text text;
    hm_text_init(&text, NULL);
    hm_compiler_append_name_flags(&text, reflection);
    return write_text(session, path, &text);
}

static hm_status write_all(hm_session *session, const hm_reflection *reflection) {
    const char *target = hm_arguments_value(session, "output");
    if (target == NULL || strcmp(target, "-") == 0) {
        fputs(reflection->text, stdout);
        target = "-";
    } else {
        HM_TRY(hm_file_write(
                session, target, reflection->text, strlen(reflection->text)));
    }
    HM_TRY(write_dependencies(session, reflection, target));
    return write_flags(session, reflection);
}

static hm_status reflect(hm_session *session) {
    const char *source = session->operands[0];
    HM_TRY(hm_reflector_check_source(session, source));
    hm_compiler compiler;
    HM_TRY(hm_compiler_find(session, &compiler));
    hm_reflection *reflection;
    HM_TRY(hm_reflector_run(session, &compiler, source, &reflection));
    hm_status status = write_all(session, reflection);
    hm_reflector_destroy(reflection);
    return status;
}

static const hm_option reflect_options[] = {
        {.name = "output",
                .letter = 'o',
                .operand = "FILE",
                .help = "the file to write; without it, standard output"},
        {.name = "depfile",
                .operand = "FILE",
                .help = "also writes which files it was made of, as a rule for make or "
                        "ninja"},
        {.name = "flags-file",
                .operand = "FILE",
                .help = "also writes flags that the compiler must be given, as @FILE"},
        {.name = NULL},
};

static const hm_option *const options[] = {
        reflect_options, hm_compile_options, hm_help_options, NULL};

const hm_command hm_command_reflect = {
        .name = "reflect",
        .operands = "MODULE.c",
        .least_operands = 1,
        .most_operands = 1,
        .summary = "write the descriptors for another build system",
        .details =
                "Writes a C file that includes MODULE.c and defines `const hm_module "
                "MODULE_module`: tables that describe its functions, and thunks that "
                "call them. Compile and link it instead of MODULE.c.\n\n"
                "The flags of --flags-file keep the compiler from taking a function of "
                "the "
                "module for one of the C library's that has the same name.",
        .example = "hamilton reflect marketing.c -o marketing.hm.c",
        .options = options,
        .run = reflect,
};
