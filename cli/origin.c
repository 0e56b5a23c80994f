// origin.c — see origin.h.

#include "cli/origin.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/path.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/binding.h"
#include "cli/command.h"
#include "cli/compiler.h"
#include "cli/file.h"
#include "cli/words.h"

static bool is_among(const hm_option *options, const hm_option *option) {
    for (; options->name != NULL; options++) {
        if (options == option) {
            return true;
        }
    }
    return false;
}

// Config is kept as values; what is left of the options about modules as it stands.
static bool is_kept(const hm_option *option) {
    return is_among(hm_compile_options, option) ||
           strcmp(option->name, "allow-overrides") == 0;
}

// A folder is named from the root: a replay may be called from anywhere.
static const char *value_of(hm_session *session, const hm_given *given) {
    if (strcmp(given->option->name, "include") != 0 || given->value[0] == '/') {
        return given->value;
    }
    char *folder = getcwd(NULL, 0);
    const char *value =
            folder != NULL ? hm_session_text(session, "%s/%s", folder, given->value)
                           : given->value;
    free(folder);
    return value != NULL ? hm_path_beside(&session->arena, "", value) : NULL;
}

static hm_status read_arguments(hm_session *session, hm_words *words) {
    for (size_t i = 0; i < session->given_count; i++) {
        const hm_given *given = &session->given[i];
        if (!is_kept(given->option)) {
            continue;
        }
        HM_TRY(hm_words_add(
                session, words, hm_session_text(session, "--%s", given->option->name)));
        if (given->option->operand != NULL) {
            HM_TRY(hm_words_add(session, words, value_of(session, given)));
        }
    }
    return HM_OK;
}

static void append_words(hm_text *text, const hm_words *words) {
    for (size_t i = 0; i < words->count; i++) {
        hm_text_format(text, "%s%s", text->length > 0 ? " " : "", words->items[i]);
    }
}

// What a .c file was compiled with; of a .so nobody knows.
static hm_status read_compiler(hm_session *session, const char **compiler) {
    bool compiles = false;
    for (size_t i = 0; i < session->operand_count; i++) {
        compiles |= hm_file_has_suffix(session->operands[i], ".c");
    }
    if (!compiles) {
        return HM_OK;
    }
    hm_compiler found;
    HM_TRY(hm_compiler_find(session, &found));
    hm_text text;
    hm_text_init(&text, NULL);
    append_words(&text, &found.words);
    append_words(&text, hm_compiler_fixed_flags());
    hm_text_format(&text, " -march=%s", found.processor);
    append_words(&text, &found.flags);
    *compiler = text.failed ? NULL : hm_arena_text(&session->arena, hm_text_get(&text));
    hm_text_finish(&text);
    return *compiler != NULL ? HM_OK : hm_session_no_memory(session);
}

hm_status hm_origin_read(hm_session *session, hm_bundle_origin *origin) {
    hm_words arguments = {0};
    hm_bindings config = {0};
    const char *compiler = NULL;
    HM_TRY(read_arguments(session, &arguments));
    HM_TRY(hm_bindings_read_config(session, &config));
    HM_TRY(read_compiler(session, &compiler));
    *origin = (hm_bundle_origin)HM_BUNDLE_ORIGIN_INIT;
    origin->modules = session->operands;
    origin->module_count = session->operand_count;
    origin->arguments = arguments.items;
    origin->argument_count = arguments.count;
    origin->config = config.items;
    origin->config_count = config.count;
    origin->compiler = compiler;
    return HM_OK;
}

hm_status hm_origin_folder(
        hm_session *session, const char *option, const char **folder) {
    const char *given = hm_arguments_value(session, option);
    *folder = NULL;
    if (given == NULL) {
        return HM_OK;
    }
    size_t length = strlen(given);
    while (length > 1 && given[length - 1] == '/') {
        length--;
    }
    *folder = hm_arena_slice(&session->arena, given, length);
    return *folder != NULL ? HM_OK : hm_session_no_memory(session);
}
