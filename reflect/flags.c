// flags.c — see flags.h. Of the compiler's flags only those that change what the source
// says are passed on: the compiler need not be clang, whose parser would refuse the
// others.

#include "reflect/flags.h"

#include <stdbool.h>
#include <string.h>

// Before the compiler's: it may say otherwise. GNU C11 is what modules are compiled as.
static const char *const before[] = {"-x", "c", "-std=gnu11", "-ferror-limit=200"};

// After the compiler's. Visibility hidden for all would hide the nodes; a function that
// nobody declared would make a module that cannot be loaded.
static const char *const after[] = {"-fvisibility=default", "-Wno-everything",
        "-Werror=implicit-function-declaration", "-Werror=implicit-int", "-isystem"};

// These take the next argument as their value when they stand alone.
static const char *const with_value[] = {"-I", "-D", "-U", "-include", "-imacros",
        "-isystem", "-iquote", "-idirafter", "-isysroot"};

static const char *const alone[] = {"-std=", "-ansi", "--sysroot=", "-fsigned-char",
        "-funsigned-char", "-fshort-enums", "-fpack-struct", "-fms-extensions",
        "-fshort-wchar", "-fopenmp", "-m32", "-m64", "-mavx", "-msse", "-mfma", "-mbmi",
        "-mpopcnt", "-march=", "-O", "-pthread", "-undef", "-nostdinc", "-trigraphs"};

static bool begins_with(const char *flag, const char *start) {
    return strncmp(flag, start, strlen(start)) == 0;
}

static bool takes_value(const char *flag) {
    for (size_t i = 0; i < sizeof with_value / sizeof *with_value; i++) {
        if (strcmp(flag, with_value[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool matters(const char *flag) {
    for (size_t i = 0; i < sizeof with_value / sizeof *with_value; i++) {
        if (begins_with(flag, with_value[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++) {
        if (begins_with(flag, alone[i])) {
            return true;
        }
    }
    return false;
}

static void add(hm_flags *flags, const char *const *items, size_t count) {
    for (size_t i = 0; i < count; i++) {
        flags->items[flags->count++] = items[i];
    }
}

void hm_flags_init(
        hm_flags *flags, hm_arena *arena, const hm_reflect_options *options) {
    size_t before_count = sizeof before / sizeof *before;
    size_t after_count = sizeof after / sizeof *after;
    flags->count = 0;
    flags->items = hm_arena_array(arena,
            before_count + options->flag_count + after_count + 1, sizeof *flags->items);
    if (flags->items == NULL) {
        return;
    }
    add(flags, before, before_count);
    for (size_t i = 0; i < options->flag_count; i++) {
        const char *flag = options->flags[i];
        if (matters(flag)) {
            bool pair = takes_value(flag) && i + 1 < options->flag_count;
            add(flags, &options->flags[i], pair ? 2 : 1);
            i += pair;
        }
    }
    add(flags, after, after_count);
    add(flags, &options->include_folder, 1);
}

static bool names_folder(const char *flag) {
    return begins_with(flag, "-I") || begins_with(flag, "-iquote");
}

void hm_flags_select_meaning(
        hm_flags *flags, hm_arena *arena, const hm_reflect_options *options) {
    flags->count = 0;
    flags->items = hm_arena_array(arena, options->flag_count, sizeof *flags->items);
    for (size_t i = 0; flags->items != NULL && i < options->flag_count; i++) {
        const char *flag = options->flags[i];
        if (names_folder(flag)) {
            i += takes_value(flag);
        } else {
            flags->items[flags->count++] = flag;
        }
    }
}
