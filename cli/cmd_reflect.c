// cmd_reflect.c — hamilton reflect: writes the tables that describe a C file's
// functions, for another build system to compile.

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/compiler.h"
#include "cli/file.h"
#include "cli/reflector.h"

static hm_status reflect(hm_session *session) {
    const char *source = session->operands[0];
    HM_TRY(hm_reflector_check_source(session, source));
    hm_compiler compiler;
    HM_TRY(hm_compiler_find(session, &compiler));
    hm_reflection *reflection;
    HM_TRY(hm_reflector_run(session, &compiler, source, &reflection));
    const char *target = hm_arguments_value(session, "output");
    hm_status status = HM_OK;
    if (target == NULL || strcmp(target, "-") == 0) {
        fputs(reflection->text, stdout);
    } else {
        status = hm_file_write(
                session, target, reflection->text, strlen(reflection->text));
    }
    hm_reflector_destroy(reflection);
    return status;
}

static const hm_option reflect_options[] = {
        {"output", 'o', "FILE", "the file to write; without it, standard output"},
        {0},
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
                "call them. Compile and link it instead of MODULE.c.",
        .example = "hamilton reflect marketing.c -o marketing.hm.c",
        .options = options,
        .run = reflect,
};
