// inner.c — see inner.h.

#include "cli/inner.h"

#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/path.h"
#include "base/subdag.h"
#include "cli/file.h"
#include "cli/loader.h"

static bool is_loaded(const hm_dataflow *dataflow, const char *path) {
    for (size_t i = 0; i < dataflow->library_count; i++) {
        const hm_loaded_module *loaded = &dataflow->libraries[i];
        if (strcmp(loaded->path, path) == 0 || strcmp(loaded->file, path) == 0) {
            return true;
        }
    }
    return false;
}

// Whether the graph may find it among what was loaded from elsewhere.
static bool may_be_loaded(const hm_dataflow *dataflow, const char *path) {
    for (size_t i = 0; i < dataflow->library_count; i++) {
        if (hm_path_ends_with(dataflow->libraries[i].file, path)) {
            return true;
        }
    }
    return false;
}

// Where the named file should be, or NULL if memory ran out.
static const char *find_place(hm_session *session, const hm_loaded_module *from,
        const hm_function *function, const char *named) {
    if (hm_file_has_suffix(from->path, ".c")) {
        return hm_path_beside(&session->arena, function->file, named);
    }
    char *beside = hm_path_beside(&session->arena, from->path, named);
    if (beside == NULL || !hm_file_has_suffix(beside, ".c")) {
        return beside;
    }
    return hm_session_text(
            session, "%.*s.so", (int)(strlen(beside) - strlen(".c")), beside);
}

static hm_status refuse(hm_session *session, const hm_function *function,
        const hm_modifier *modifier, const hm_subdag *subdag, const char *place) {
    hm_diagnostic fault = {
            .status = HM_IO,
            .node = function->name,
            .file = function->file,
            .line = modifier->line,
            .mend = hm_file_has_suffix(place, ".so")
                            ? "build it with `hamilton build`, or give the module too"
                            : "name the file from where this one is",
    };
    hm_faults_format(&session->faults, fault, "%s of `%s`: there is no `%s`",
            subdag->macro, function->name, place);
    return fault.status;
}

static hm_status load_named(hm_session *session, hm_dataflow *dataflow,
        const hm_loaded_module *from, const hm_function *function,
        const hm_modifier *modifier) {
    hm_subdag subdag;
    if (!hm_subdag_read(modifier, &subdag)) {
        return HM_OK;
    }
    const char *file = hm_path_beside(&session->arena, function->file, subdag.path);
    const char *place = find_place(session, from, function, subdag.path);
    if (file == NULL || place == NULL) {
        return hm_session_no_memory(session);
    }
    if (is_loaded(dataflow, file) || is_loaded(dataflow, place)) {
        return HM_OK;
    }
    if (access(place, F_OK) == 0) {
        return hm_dataflow_load(session, dataflow, place);
    }
    return may_be_loaded(dataflow, subdag.path)
                   ? HM_OK
                   : refuse(session, function, modifier, &subdag, place);
}

hm_status hm_inner_load(hm_session *session, hm_dataflow *dataflow) {
    hm_status first = HM_OK;
    for (size_t i = 0; i < dataflow->library_count; i++) { // which grows
        const hm_loaded_module from = dataflow->libraries[i];
        const hm_module *module = hm_library_module(from.library);
        for (size_t f = 0; f < module->function_count; f++) {
            const hm_function *function = &module->functions[f];
            for (size_t m = 0; m < function->modifier_count; m++) {
                hm_status status = load_named(
                        session, dataflow, &from, function, &function->modifiers[m]);
                first = first == HM_OK ? status : first;
            }
        }
    }
    return first;
}
