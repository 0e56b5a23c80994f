// compiler.c — see compiler.h.

#include "cli/compiler.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/file.h"
#include "cli/installation.h"
#include "cli/parts.h"
#include "cli/process.h"

// Where a program is, looked up in PATH if its name has no slash; NULL if nowhere.
static const char *find_program(hm_session *session, const char *name) {
    if (strchr(name, '/') != NULL) {
        return access(name, X_OK) == 0 ? name : NULL;
    }
    const char *folders = getenv("PATH");
    for (const char *at = folders != NULL ? folders : "/usr/bin:/bin"; *at != '\0';) {
        size_t length = strcspn(at, ":");
        const char *path = hm_session_text(session, "%.*s/%s",
                length > 0 ? (int)length : 1, length > 0 ? at : ".", name);
        if (path != NULL && access(path, X_OK) == 0) {
            return path;
        }
        at += length + (at[length] == ':');
    }
    return NULL;
}

static hm_status find_compiler(hm_session *session, hm_compiler *compiler) {
    const char *chosen = getenv("CC");
    hm_words words = {0};
    if (chosen != NULL) {
        HM_TRY(hm_words_split(session, &words, chosen, "CC"));
    }
    if (words.count > 0) {
        compiler->path = find_program(session, words.items[0]);
    } else {
        HM_TRY(hm_words_add(session, &words, "cc"));
        compiler->path = find_program(session, "cc");
        if (compiler->path == NULL) {
            compiler->path = find_program(session, "gcc");
        }
    }
    if (compiler->path == NULL && chosen != NULL && chosen[0] != '\0') {
        return hm_session_fail(session, HM_IO, "set CC to a C compiler",
                "the compiler `%s`, which CC names, is not there", words.items[0]);
    }
    if (compiler->path == NULL) {
        return hm_session_fail(session, HM_IO,
                "install gcc or clang, or set CC to a C compiler",
                "there is no C compiler, neither cc nor gcc");
    }
    words.items[0] = compiler->path;
    compiler->words = words;
    return HM_OK;
}

static hm_status read_options(hm_session *session, hm_compiler *compiler) {
    for (size_t i = 0; i < session->given_count; i++) {
        const char *name = session->given[i].option->name;
        const char *value = session->given[i].value;
        hm_words *flags = &compiler->flags;
        if (strcmp(name, "include") == 0) {
            HM_TRY(hm_words_add(
                    session, flags, hm_session_text(session, "-I%s", value)));
        } else if (strcmp(name, "define") == 0) {
            HM_TRY(hm_words_add(
                    session, flags, hm_session_text(session, "-D%s", value)));
        } else if (strcmp(name, "cflags") == 0) {
            HM_TRY(hm_words_split(session, flags, value, "--cflags"));
        } else if (strcmp(name, "ldflags") == 0) {
            HM_TRY(hm_words_split(
                    session, &compiler->linker_flags, value, "--ldflags"));
        } else if (strcmp(name, "debug") == 0) {
            compiler->debugs = true;
        } else if (strcmp(name, "march") == 0) {
            compiler->processor = value;
        }
    }
    return HM_OK;
}

// An archive that -lNAME stands for, in the folder of one -L.
static const char *archive_of(
        hm_session *session, const char *folder, const char *library) {
    return hm_session_text(session, "%s/lib%s.a", folder, library + 2);
}

// Adds the bytes of what a word after --ldflags names: a file, or an archive. False if
// there is none.
static bool add_linked(hm_session *session, hm_digest *digest, const hm_words *words,
        const char *word) {
    char own[HM_DIGEST_SIZE];
    bool is_added = false;
    if (word[0] != '-' && hm_file_digest(word, own)) {
        hm_digest_add_text(digest, own);
        is_added = true;
    }
    for (size_t i = 0; strncmp(word, "-l", 2) == 0 && i < words->count; i++) {
        const char *folder = words->items[i];
        if (strncmp(folder, "-L", 2) != 0) {
            continue;
        }
        const char *path = archive_of(session, folder + 2, word);
        if (path != NULL && hm_file_digest(path, own)) {
            hm_digest_add_text(digest, own);
            is_added = true;
        }
    }
    return is_added;
}

// What is linked into a module is part of its code.
static hm_status find_linked(hm_session *session, hm_compiler *compiler) {
    const hm_words *words = &compiler->linker_flags;
    hm_digest *digest = hm_digest_create();
    if (digest == NULL) {
        return hm_session_no_memory(session);
    }
    bool is_any = false;
    for (size_t i = 0; i < words->count; i++) {
        is_any = add_linked(session, digest, words, words->items[i]) || is_any;
    }
    char linked[HM_DIGEST_SIZE];
    hm_digest_get(digest, linked);
    hm_digest_destroy(digest);
    compiler->linked = is_any ? hm_session_text(session, "linked %s", linked) : NULL;
    return !is_any || compiler->linked != NULL ? HM_OK : hm_session_no_memory(session);
}

hm_status hm_compiler_find(hm_session *session, hm_compiler *compiler) {
    hm_compiler found = {.processor = "native"};
    HM_TRY(find_compiler(session, &found));
    HM_TRY(read_options(session, &found));
    HM_TRY(find_linked(session, &found));
    found.headers = hm_installation_headers(session);
    if (found.headers == NULL) {
        return hm_session_no_memory(session);
    }
    *compiler = found;
    return HM_OK;
}

static void add_words(hm_digest *digest, const hm_words *words) {
    hm_digest_add(digest, &words->count, sizeof words->count);
    for (size_t i = 0; i < words->count; i++) {
        hm_digest_add_text(digest, words->items[i]);
    }
}

// What -march=native depends on: what the system tells of the first processor, but for
// what changes from moment to moment or start to start. x86 and Arm name it
// differently.
static void add_processor(hm_digest *digest) {
    static const char *const lasting[] = {"vendor_id", "cpu family", "model",
            "stepping", "flags", "CPU ", "Features", "isa", "uarch"};
    char text[4096];
    int file = open("/proc/cpuinfo", O_RDONLY | O_CLOEXEC);
    ssize_t length = file >= 0 ? read(file, text, sizeof text - 1) : 0;
    if (file >= 0) {
        close(file);
    }
    text[length > 0 ? length : 0] = '\0';
    char *end = strstr(text, "\n\n");
    if (end != NULL) {
        *end = '\0';
    }
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL;
            line = strtok_r(NULL, "\n", &rest)) {
        for (size_t i = 0; i < sizeof lasting / sizeof lasting[0]; i++) {
            if (strncmp(line, lasting[i], strlen(lasting[i])) == 0) {
                hm_digest_add_text(digest, line);
            }
        }
    }
}

void hm_compiler_identify(const hm_compiler *compiler, hm_digest *digest) {
    // The file behind links such as cc: a new version of it has another time or size.
    struct stat status;
    if (stat(compiler->path, &status) == 0) {
        hm_digest_add(digest, &status.st_mtim, sizeof status.st_mtim);
        hm_digest_add(digest, &status.st_size, sizeof status.st_size);
        hm_digest_add(digest, &status.st_ino, sizeof status.st_ino);
    }
    add_words(digest, &compiler->words);
    add_words(digest, &compiler->flags);
    add_words(digest, &compiler->linker_flags);
    hm_digest_add_text(digest, compiler->linked != NULL ? compiler->linked : "");
    hm_digest_add_text(digest, compiler->headers);
    hm_digest_add_text(digest, compiler->processor);
    hm_digest_add(digest, &compiler->debugs, sizeof compiler->debugs);
    add_processor(digest);

    // The folders in which compilers look besides.
    static const char *const variables[] = {"CPATH", "C_INCLUDE_PATH", "LIBRARY_PATH"};
    bool is_relative = compiler->flags.count + compiler->linker_flags.count > 0;
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        const char *value = getenv(variables[i]);
        is_relative |= value != NULL;
        hm_digest_add_text(digest, value != NULL ? value : "");
    }

    // What they name may be seen from the working folder.
    char *folder = is_relative ? getcwd(NULL, 0) : NULL;
    hm_digest_add_text(digest, folder != NULL ? folder : "");
    free(folder);
}

// There may be thousands of flags. gcc repeats all that it was given in one variable of
// the environment, which holds 128 KiB, so beyond half of that one flag stands for all.
void hm_compiler_append_name_flags(hm_text *text, const hm_reflection *reflection) {
    enum { LARGEST = 64 << 10 };
    static const char flag[] = "-fno-builtin";
    size_t size = 0;
    for (size_t i = 0; i < reflection->function_count; i++) {
        size += sizeof flag + strlen(reflection->functions[i]);
    }
    if (size > LARGEST) {
        hm_text_format(text, "%s\n", flag);
        return;
    }
    for (size_t i = 0; i < reflection->function_count; i++) {
        hm_text_format(text, "%s-%s\n", flag, reflection->functions[i]);
    }
}

static hm_status write_name_flags(
        hm_session *session, const hm_reflection *reflection, const char *path) {
    hm_text text;
    hm_text_init(&text, NULL);
    hm_compiler_append_name_flags(&text, reflection);
    hm_status status =
            text.failed ? hm_session_no_memory(session)
                        : hm_file_write(session, path, hm_text_get(&text), text.length);
    hm_text_finish(&text);
    return status;
}

static hm_status add_all(hm_session *session, hm_words *to, const hm_words *words) {
    for (size_t i = 0; i < words->count; i++) {
        HM_TRY(hm_words_add(session, to, words->items[i]));
    }
    return HM_OK;
}

const hm_words *hm_compiler_fixed_flags(void) {
    static const char *flags[] = {"-std=gnu11", "-O3", "-ffp-contract=off",
            "-fno-math-errno", "-fPIC", "-fvisibility=hidden",
            "-fno-semantic-interposition", "-DHM_SHARED_MODULE"};
    static const hm_words words = {flags, sizeof flags / sizeof *flags, 0};
    return &words;
}

// What every compiler of a module is told.
static hm_status begin_command(hm_session *session, const hm_compiler *compiler,
        const char *name_flags, hm_words *command) {
    static const char *debugging[] = {"-g", "-O0"};
    HM_TRY(add_all(session, command, &compiler->words));
    HM_TRY(add_all(session, command, hm_compiler_fixed_flags()));
    const hm_words debug = {debugging, compiler->debugs ? 2 : 0, 2};
    HM_TRY(add_all(session, command, &debug));
    HM_TRY(hm_words_add(session, command,
            hm_session_text(session, "-march=%s", compiler->processor)));
    HM_TRY(hm_words_add(session, command, hm_session_text(session, "@%s", name_flags)));
    HM_TRY(add_all(session, command, &compiler->flags));
    return hm_words_add(
            session, command, hm_session_text(session, "-I%s", compiler->headers));
}

// Makes target of a C file or of objects. Objects that were compiled from one file all
// define its functions.
static hm_status link_module(hm_session *session, const hm_compiler *compiler,
        hm_words *command, const hm_words *from, const char *target) {
    HM_TRY(hm_words_add(session, command, "-shared"));
    if (from->count > 1) {
        HM_TRY(hm_words_add(session, command, "-Wl,--allow-multiple-definition"));
    }
    HM_TRY(add_all(session, command, from));
    HM_TRY(hm_words_add(session, command, "-o"));
    HM_TRY(hm_words_add(session, command, target));
    HM_TRY(add_all(session, command, &compiler->linker_flags));
    HM_TRY(hm_words_add(session, command, "-lm"));
    return hm_process_run(session, command->items, -1);
}

static hm_status compile(hm_session *session, const hm_compiler *compiler,
        const char *source, const char *name_flags, size_t parts, const char *folder,
        const char *target) {
    hm_words command = {0};
    hm_words from = {0};
    HM_TRY(begin_command(session, compiler, name_flags, &command));
    HM_TRY(parts > 1 ? hm_parts_compile(session, &command, source, parts, folder, &from)
                     : hm_words_add(session, &from, source));
    return link_module(session, compiler, &command, &from, target);
}

hm_status hm_compiler_run(hm_session *session, const hm_compiler *compiler,
        const hm_reflection *reflection, const char *folder, const char *target) {
    const char *source =
            hm_session_text(session, "%s/%s.hm.c", folder, reflection->name);
    const char *name_flags = hm_session_text(session, "%s/names", folder);
    if (source == NULL || name_flags == NULL) {
        return hm_session_no_memory(session);
    }
    HM_TRY(hm_file_write(session, source, reflection->text, strlen(reflection->text)));
    HM_TRY(write_name_flags(session, reflection, name_flags));
    size_t before = session->faults.count;
    hm_status status = compile(session, compiler, source, name_flags,
            hm_parts_count(reflection), folder, target);
    if (status != HM_OK && session->faults.count == before) {
        return hm_session_fail(session, HM_BAD_SOURCE, NULL,
                "the compiler `%s` could not compile module `%s`", compiler->path,
                reflection->name);
    }
    return status;
}
