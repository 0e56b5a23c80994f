// reflected.c — see reflected.h.

#include "tests/support/reflected.h"

#include <check.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reflect/reflection.h"

void hm_reflected_init(hm_reflected *reflected) {
    *reflected = (hm_reflected){.module = NULL};
    hm_temporary_folder_init(&reflected->folder);
    snprintf(reflected->path, sizeof reflected->path, "%s/features.c",
            reflected->folder.path);
}

void hm_reflected_finish(hm_reflected *reflected) {
    if (reflected->library != NULL) {
        dlclose(reflected->library);
    }
    hm_reflection_destroy(reflected->reflection);
    hm_diagnostics_destroy(reflected->faults);
    hm_temporary_folder_finish(&reflected->folder);
}

void hm_reflected_write(hm_reflected *reflected, const char *name, const char *text) {
    hm_temporary_folder_put(&reflected->folder, name, text, strlen(text));
}

void hm_reflected_read(
        hm_reflected *reflected, const char *const *flags, size_t flag_count) {
    hm_reflection_destroy(reflected->reflection);
    hm_diagnostics_destroy(reflected->faults);
    reflected->reflection = NULL;
    ck_assert_int_eq(hm_diagnostics_create(NULL, &reflected->faults), HM_OK);
    hm_reflect_options options = {
            .path = reflected->path,
            .flags = flags,
            .flag_count = flag_count,
            .include_folder = "include",
    };
    hm_faults faults = {.list = reflected->faults, .error = &reflected->error};
    reflected->status = hm_reflect_here(&options, &reflected->reflection, &faults);
    ck_assert_int_eq(reflected->status == HM_OK, faults.count == 0);
}

void hm_reflected_source(hm_reflected *reflected, const char *source) {
    hm_reflected_init(reflected);
    hm_reflected_write(reflected, "features.c", source);
    hm_reflected_read(reflected, NULL, 0);
    ck_assert_msg(reflected->status == HM_OK, "%s", reflected->error.message);
}

static void run(const char *command) {
    ck_assert_msg(system(command) == 0, "%s", command);
}

static const char flags[] =
        "-std=gnu11 -O3 -Wall -Wextra -Werror -fPIC -fvisibility=hidden "
        "-ffp-contract=off -fno-math-errno -Iinclude -DHM_SHARED_MODULE";

// A node called time must not be taken for the C library's.
static void append_builtins(const hm_reflected *reflected, char *command, size_t size) {
    for (size_t i = 0; i < reflected->reflection->function_count; i++) {
        size_t length = strlen(command);
        snprintf(command + length, size - length, " -fno-builtin-%s",
                reflected->reflection->functions[i]);
    }
}

size_t hm_reflected_compilers(const char *compilers[2]) {
    static const char *const known[] = {"gcc", "clang"};
    size_t count = 0;
    for (size_t i = 0; i < 2; i++) {
        char command[64];
        snprintf(command, sizeof command, "command -v %s > /dev/null", known[i]);
        if (system(command) == 0) {
            compilers[count++] = known[i];
        }
    }
    ck_assert_uint_gt(count, 0);
    return count;
}

void hm_reflected_load_parts(
        hm_reflected *reflected, const char *compiler, unsigned parts) {
    hm_reflected_write(reflected, "features.hm.c", reflected->reflection->text);
    char command[16384];
    for (unsigned part = 0; part < parts; part++) {
        snprintf(command, sizeof command,
                "%s %s -DHM_PARTS=%u -DHM_PART=%u -c %s/features.hm.c -o %s/%u.o",
                compiler, flags, parts, part, reflected->folder.path,
                reflected->folder.path, part);
        append_builtins(reflected, command, sizeof command);
        run(command);
    }
    snprintf(command, sizeof command,
            "%s -shared -Wl,--allow-multiple-definition %s/*.o -o %s/%s.so -lm",
            compiler, reflected->folder.path, reflected->folder.path, compiler);
    run(command);
    if (reflected->library != NULL) {
        dlclose(reflected->library);
    }
    snprintf(command, sizeof command, "%s/%s.so", reflected->folder.path, compiler);
    reflected->library = dlopen(command, RTLD_NOW | RTLD_LOCAL);
    ck_assert_msg(reflected->library != NULL, "%s", dlerror());
    const hm_module *const *module = dlsym(reflected->library, "hamilton_entry");
    ck_assert_ptr_nonnull(module);
    reflected->module = *module;
}

void hm_reflected_load(hm_reflected *reflected, const char *compiler) {
    hm_reflected_load_parts(reflected, compiler, 1);
}

const hm_function *hm_reflected_function(
        const hm_reflected *reflected, const char *name) {
    for (size_t i = 0; i < reflected->module->function_count; i++) {
        if (strcmp(reflected->module->functions[i].name, name) == 0) {
            return &reflected->module->functions[i];
        }
    }
    ck_abort_msg("no function %s", name);
    return NULL;
}

void hm_reflected_version(
        const hm_reflected *reflected, const char *name, char version[HM_DIGEST_SIZE]) {
    char start[128];
    snprintf(start, sizeof start, "hm_functions[] = {");
    const char *at = strstr(reflected->reflection->text, start);
    ck_assert_ptr_nonnull(at);
    snprintf(start, sizeof start, "{.name = \"%s\"", name);
    at = strstr(at, start);
    ck_assert_msg(at != NULL, "no function %s", name);
    at = strstr(at, ".version = \"");
    ck_assert_ptr_nonnull(at);
    memcpy(version, at + strlen(".version = \""), HM_DIGEST_SIZE - 1);
    version[HM_DIGEST_SIZE - 1] = '\0';
}

const hm_diagnostic *hm_reflected_fault(const hm_reflected *reflected, unsigned line,
        const char *message, const char *mend) {
    for (size_t i = 0; i < hm_diagnostics_count(reflected->faults); i++) {
        const hm_diagnostic *fault = hm_diagnostics_at(reflected->faults, i);
        if ((line == 0 || fault->line == line) &&
                strstr(fault->message, message) != NULL &&
                (mend == NULL ||
                        (fault->mend != NULL && strstr(fault->mend, mend) != NULL))) {
            return fault;
        }
    }
    return NULL;
}
