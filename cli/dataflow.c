// dataflow.c — see dataflow.h.

#include "cli/dataflow.h"

#include <string.h>

#include "base/error.h"
#include "base/path.h"
#include "cli/arguments.h"
#include "cli/binding.h"
#include "cli/formats.h"
#include "cli/inner.h"
#include "cli/loader.h"

enum { MOST_AT_ONCE = 1000000 };

hm_status hm_dataflow_fail(
        hm_session *session, hm_status status, size_t before, const hm_error *error) {
    for (size_t i = before; i < hm_diagnostics_count(session->faults.list); i++) {
        if (hm_diagnostics_at(session->faults.list, i)->severity == HM_SEVERITY_ERROR) {
            return status;
        }
    }
    return hm_session_fail(session, status, NULL, "%s", error->message);
}

hm_status hm_dataflow_load(
        hm_session *session, hm_dataflow *dataflow, const char *path) {
    hm_library *library;
    HM_TRY(hm_loader_open(session, path, &library));
    hm_loaded_module *libraries = hm_arena_grow(&session->arena, dataflow->libraries,
            dataflow->library_count, sizeof *libraries);
    const char *file = hm_library_module(library)->file; // by whoever made a .so
    const hm_loaded_module loaded = {.library = library,
            .path = hm_path_beside(&session->arena, "", path),
            .file = hm_path_beside(&session->arena, "", file != NULL ? file : "")};
    if (libraries == NULL || loaded.path == NULL || loaded.file == NULL) {
        hm_library_close(library);
        return hm_session_no_memory(session);
    }
    libraries[dataflow->library_count++] = loaded;
    dataflow->libraries = libraries;
    return HM_OK;
}

// *operand_count becomes how many of the operands could be loaded.
static hm_status load(
        hm_session *session, hm_dataflow *dataflow, size_t *operand_count) {
    hm_status first = HM_OK;
    for (size_t i = 0; i < session->operand_count; i++) {
        hm_status status = hm_dataflow_load(session, dataflow, session->operands[i]);
        first = first == HM_OK ? status : first;
    }
    *operand_count = dataflow->library_count;
    hm_status inner = hm_inner_load(session, dataflow);
    return first == HM_OK ? inner : first;
}

// --limit NAME=N, each time it was given; of one name the last.
static hm_status read_limits(hm_session *session, hm_driver_options *options) {
    hm_limit_option *limits =
            hm_arena_array(&session->arena, session->given_count, sizeof *limits);
    if (limits == NULL) {
        return hm_session_no_memory(session);
    }
    options->limits = limits;
    size_t at = 0;
    const hm_given *given;
    while ((given = hm_arguments_next(session, "limit", &at)) != NULL) {
        const char *name;
        const char *number;
        HM_TRY(hm_arguments_split(session, given, "write NAME=N", &name, &number));
        size_t i = 0;
        while (i < options->limit_count && strcmp(limits[i].name, name) != 0) {
            i++;
        }
        limits[i].name = name;
        options->limit_count += i == options->limit_count;
        HM_TRY(hm_arguments_number_in(
                session, "limit", number, MOST_AT_ONCE, &limits[i].count));
    }
    return HM_OK;
}

hm_status hm_dataflow_init(hm_session *session, hm_dataflow *dataflow) {
    *dataflow = (hm_dataflow){0};
    hm_bindings config = {0};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    hm_status number = hm_arguments_number(
            session, "threads", HM_MOST_THREADS, &options.thread_count);
    hm_status limited = read_limits(session, &options);
    hm_status configured = hm_bindings_read_config(session, &config);
    size_t operand_count;
    HM_TRY(load(session, dataflow, &operand_count));
    HM_TRY(configured);
    HM_TRY(number);
    HM_TRY(limited);
    const hm_module **modules =
            hm_arena_array(&session->arena, dataflow->library_count, sizeof *modules);
    if (modules == NULL) {
        return hm_session_no_memory(session);
    }
    for (size_t i = 0; i < dataflow->library_count; i++) {
        modules[i] = hm_library_module(dataflow->libraries[i].library);
    }
    HM_TRY(hm_formats_load(session, modules, dataflow->library_count, &options));
    options.modules = modules;
    options.module_count = operand_count;
    options.libraries = modules + operand_count;
    options.library_count = dataflow->library_count - operand_count;
    options.config = config.items;
    options.config_count = config.count;
    options.allow_overrides = hm_arguments_value(session, "allow-overrides") != NULL;
    options.diagnostics = session->faults.list;
    HM_TRY(hm_run_adapters_create(session, &dataflow->adapters));
    options.adapters = dataflow->adapters.parts;
    options.adapter_count = dataflow->adapters.part_count;
    size_t before = hm_diagnostics_count(session->faults.list);
    hm_error error;
    hm_status status = hm_driver_create(&options, &dataflow->driver, &error);
    if (status != HM_OK) {
        return hm_dataflow_fail(session, status, before, &error);
    }
    dataflow->graph = hm_driver_graph(dataflow->driver);
    return HM_OK;
}

void hm_dataflow_finish(hm_dataflow *dataflow) {
    hm_driver_destroy(dataflow->driver);
    hm_run_adapters_destroy(&dataflow->adapters);
    for (size_t i = 0; i < dataflow->library_count; i++) {
        hm_library_close(dataflow->libraries[i].library);
    }
    *dataflow = (hm_dataflow){0};
}
