// spelling.c — see spelling.h.

#include "base/spelling.h"

#include <stddef.h>

static void spell_macro(hm_text *text, const char *name) {
    hm_text_append(text, "HM_");
    for (; *name != '\0'; name++) {
        bool is_lower = *name >= 'a' && *name <= 'z';
        char letter = is_lower ? (char)(*name - 'a' + 'A') : *name;
        hm_text_append_bytes(text, &letter, 1);
    }
}

static void spell_string(hm_text *text, const char *string) {
    hm_text_append(text, "\"");
    for (; *string != '\0'; string++) {
        if (*string == '\n') {
            hm_text_append(text, "\\n");
            continue;
        }
        if (*string == '"' || *string == '\\') {
            hm_text_append(text, "\\");
        }
        hm_text_append_bytes(text, string, 1);
    }
    hm_text_append(text, "\"");
}

static void spell_arguments(hm_text *text, const hm_argument *arguments, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const hm_argument *argument = &arguments[i];
        hm_text_append(text, i > 0 ? ", " : "(");
        if (argument->kind == HM_ARGUMENT_CALL) { // they nest as deep as C wrote them
            spell_macro(text, argument->text);
            spell_arguments(text, argument->arguments, argument->argument_count);
        } else if (argument->kind == HM_ARGUMENT_STRING) {
            spell_string(text, argument->text);
        } else {
            hm_text_append(text, argument->text);
        }
    }
    hm_text_append(text, count > 0 ? ")" : "");
}

void hm_spell_modifier(hm_text *text, const hm_modifier *modifier) {
    spell_macro(text, modifier->name);
    spell_arguments(text, modifier->arguments, modifier->argument_count);
}
