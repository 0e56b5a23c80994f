// write_literal.c — see write_literal.h.

#include "reflect/write_literal.h"

#include <string.h>

// What may stand in a literal as it is. Question marks could make a trigraph.
static bool is_plain(char byte) {
    return byte >= ' ' && byte <= '~' && byte != '"' && byte != '\\' && byte != '?';
}

void hm_write_literal(hm_text *to, const char *text) {
    if (text == NULL) {
        hm_text_append(to, "0");
        return;
    }
    hm_text_append(to, "\"");
    while (*text != '\0') {
        size_t plain = 0;
        while (is_plain(text[plain])) {
            plain++;
        }
        hm_text_append_bytes(to, text, plain);
        text += plain;
        if (*text != '\0') {
            // Three octal digits end by themselves, whatever follows.
            hm_text_format(to, "\\%03o", (unsigned)(unsigned char)*text);
            text++;
        }
    }
    hm_text_append(to, "\"");
}

const char *hm_literal_code(hm_source *source, const char *text) {
    hm_text code;
    hm_text_init(&code, source->arena.allocator);
    hm_write_literal(&code, text);
    const char *copy = hm_source_format(source, "%s", hm_text_get(&code));
    source->no_memory = source->no_memory || code.failed;
    hm_text_finish(&code);
    return copy;
}
