// inclusions.c — see inclusions.h. A header is looked for beside the file that includes
// it and in the folders of -I and its kin. Where in these it could have been and was
// not, one that appears later changes what the source means.

#define _XOPEN_SOURCE 700 // realpath

#include "reflect/inclusions.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void list_file(
        CXFile file, CXSourceLocation *stack, unsigned depth, CXClientData data) {
    (void)stack;
    (void)depth;
    hm_inclusions *inclusions = data;
    hm_source *source = inclusions->source;
    const char *path = hm_source_text(source, clang_getFileName(file));
    char *absolute = realpath(path, NULL);
    const char **files = hm_source_grow(
            source, inclusions->files, inclusions->file_count, sizeof *files);
    if (absolute != NULL && files != NULL) {
        inclusions->files = files;
        files[inclusions->file_count++] = hm_source_format(source, "%s", absolute);
    }
    free(absolute);
}

static void note_absent(hm_inclusions *inclusions, const char *path) {
    if (path == NULL || access(path, F_OK) == 0) {
        return;
    }
    const char **absent = hm_source_grow(inclusions->source, inclusions->absent,
            inclusions->absent_count, sizeof *absent);
    if (absent != NULL) {
        inclusions->absent = absent;
        absent[inclusions->absent_count++] = path;
    }
}

// The folder that a flag names, which may be the next one; NULL for other flags.
static const char *folder_of(const hm_reflect_options *options, size_t index) {
    static const char *const names[] = {"-I", "-iquote", "-isystem", "-idirafter"};
    const char *flag = options->flags[index];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t length = strlen(names[i]);
        if (strncmp(flag, names[i], length) != 0) {
            continue;
        }
        return flag[length] != '\0'              ? flag + length
               : index + 1 < options->flag_count ? options->flags[index + 1]
                                                 : NULL;
    }
    return NULL;
}

// Of a directive `#include "name"`, every place where the name could be but is not:
// also those behind the one that was found, which do no harm.
static enum CXChildVisitResult visit(
        CXCursor cursor, CXCursor parent, CXClientData data) {
    (void)parent;
    hm_inclusions *inclusions = data;
    hm_source *source = inclusions->source;
    if (clang_getCursorKind(cursor) != CXCursor_InclusionDirective) {
        return CXChildVisit_Continue;
    }
    const char *name = hm_source_text(source, clang_getCursorSpelling(cursor));
    if (name == NULL || name[0] == '/') {
        return CXChildVisit_Continue;
    }
    hm_place place = hm_source_cursor_place(source, cursor);
    if (hm_source_is_users(source, place)) {
        const char *from = source->files[place.file].path;
        const char *slash = strrchr(from, '/');
        int length = slash != NULL ? (int)(slash + 1 - from) : 0;
        note_absent(inclusions, hm_source_format(source, "%.*s%s", length, from, name));
    }
    for (size_t i = 0; i < inclusions->options->flag_count; i++) {
        const char *folder = folder_of(inclusions->options, i);
        if (folder != NULL) {
            note_absent(inclusions, hm_source_format(source, "%s/%s", folder, name));
        }
    }
    return CXChildVisit_Continue;
}

void hm_inclusions_list(hm_inclusions *inclusions, hm_source *source,
        const hm_reflect_options *options) {
    *inclusions = (hm_inclusions){.source = source, .options = options};
    clang_getInclusions(source->unit, list_file, inclusions);
    clang_visitChildren(
            clang_getTranslationUnitCursor(source->unit), visit, inclusions);
}
