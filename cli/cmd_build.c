// cmd_build.c — hamilton build: reflects a C file and compiles it into a module.

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/compiler.h"
#include "cli/file.h"
#include "cli/interrupt.h"
#include "cli/module_cache.h"
#include "cli/reflector.h"

// The file appears whole or not at all.
static hm_status compile_to(hm_session *session, const hm_compiler *compiler,
        const hm_reflection *reflection, const char *path) {
    hm_target target;
    HM_TRY(hm_file_create(session, path, &target));
    hm_module_cache nowhere = {0};
    const char *scratch;
    hm_status status = hm_module_cache_scratch(session, &nowhere, &scratch);
    if (status == HM_OK) {
        status = hm_compiler_run(
                session, compiler, reflection, scratch, hm_target_place(&target));
        hm_file_remove_folder(scratch);
    }
    if (status != HM_OK) {
        hm_target_abandon(&target);
        return status;
    }
    return hm_file_commit(session, path, &target);
}

static hm_status build(hm_session *session) {
    const char *source = session->operands[0];
    HM_TRY(hm_reflector_check_source(session, source));
    hm_compiler compiler;
    HM_TRY(hm_compiler_find(session, &compiler));
    hm_reflection *reflection;
    HM_TRY(hm_reflector_run(session, &compiler, source, &reflection));
    const char *target = hm_arguments_value(session, "output");
    if (target == NULL) {
        target = hm_session_text(session, "%s.so", reflection->name);
    }
    hm_interrupt_hold();
    hm_status status = target != NULL
                               ? compile_to(session, &compiler, reflection, target)
                               : hm_session_no_memory(session);
    hm_interrupt_release();
    hm_reflector_destroy(reflection);
    return status;
}

static const hm_option build_options[] = {
        {.name = "output",
                .letter = 'o',
                .operand = "FILE",
                .help = "the file to write; without it, NAME.so in the working folder"},
        {.name = "march",
                .operand = "PROCESSOR",
                .help = "the processor to compile for, as the compiler names it; "
                        "native without it"},
        {.name = NULL},
};

static const hm_option *const options[] = {
        build_options, hm_compile_options, hm_help_options, NULL};

const hm_command hm_command_build = {
        .name = "build",
        .operands = "MODULE.c",
        .least_operands = 1,
        .most_operands = 1,
        .summary = "reflect and compile",
        .details =
                "Makes a shared object of a C file, which all other commands take as a "
                "MODULE, also where there is neither a compiler nor libclang. It "
                "remembers which processor features it was compiled for and is refused "
                "where they lack.",
        .example = "hamilton build marketing.c -o marketing.so --march x86-64-v3",
        .options = options,
        .run = build,
};
