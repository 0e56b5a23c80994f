// path.c — see path.h.

#include "base/path.h"

#include <stddef.h>
#include <string.h>

static bool is_piece(const char *piece, size_t length, const char *word) {
    return strlen(word) == length && memcmp(piece, word, length) == 0;
}

// Where the last piece of a path begins that ends at `end`.
static char *last_piece(char *start, char *end) {
    char *at = end;
    while (at > start && at[-1] != '/') {
        at--;
    }
    return at;
}

// Takes the last piece away. False if there is none, or one that cannot be.
static bool climb(char *start, char **end) {
    char *piece = last_piece(start, *end);
    if (piece == *end || is_piece(piece, (size_t)(*end - piece), "..")) {
        return false;
    }
    *end = piece > start ? piece - 1 : piece;
    return true;
}

// Appends the pieces of a path to one that begins at start, behind its root.
static void append(char *start, char **end, const char *path, size_t length) {
    const char *stop = path + length;
    while (path < stop) {
        const char *slash = memchr(path, '/', (size_t)(stop - path));
        size_t piece = (size_t)((slash != NULL ? slash : stop) - path);
        bool stays = piece == 0 || is_piece(path, piece, ".");
        if (!stays && !(is_piece(path, piece, "..") && climb(start, end))) {
            if (*end > start) {
                *(*end)++ = '/';
            }
            memcpy(*end, path, piece);
            *end += piece;
        }
        path += piece + 1;
    }
}

char *hm_path_beside(hm_arena *arena, const char *file, const char *path) {
    const char *slash = path[0] != '/' ? strrchr(file, '/') : NULL;
    size_t folder = slash != NULL ? (size_t)(slash - file) + 1 : 0;
    char *whole = hm_arena_take(arena, folder + strlen(path) + 3, 1);
    if (whole == NULL) {
        return NULL;
    }
    char *start = whole;
    if (path[0] == '/' || (folder > 0 && file[0] == '/')) {
        *start++ = '/';
    }
    char *end = start;
    append(start, &end, file, folder);
    append(start, &end, path, strlen(path));
    *end = '\0';
    return whole;
}

bool hm_path_ends_with(const char *path, const char *tail) {
    for (size_t dots; (dots = strspn(tail, ".")) <= 2 && tail[dots] == '/';) {
        tail += dots + 1;
    }
    size_t length = strlen(path);
    size_t wanted = strlen(tail);
    return wanted > 0 && wanted <= length &&
           strcmp(path + length - wanted, tail) == 0 &&
           (wanted == length || path[length - wanted - 1] == '/');
}
