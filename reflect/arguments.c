// arguments.c — see arguments.h. Both texts are split at their commas; where they have
// equally many pieces, each argument is decided for itself.

#include "reflect/arguments.h"

#include <ctype.h>
#include <string.h>

#include "reflect/literal.h"

enum { DEEPEST = 16 }; // calls within calls

typedef struct hm_argument_reader {
    hm_source *source;
    hm_is_macro *is_macro;
    const void *context;
    const char *fault;
} hm_argument_reader;

// The index behind a string or character literal that begins at `at`.
static size_t skip_quoted(hm_slice text, size_t at) {
    char quote = text.text[at];
    for (at++; at < text.length && text.text[at] != quote; at++) {
        at += text.text[at] == '\\';
    }
    return at < text.length ? at + 1 : text.length;
}

// The next piece of a list, up to a comma outside of parentheses and quotes; *rest
// becomes what follows it. *more tells whether there was a comma.
static hm_slice cut_piece(hm_slice *rest, bool *more) {
    size_t depth = 0;
    size_t at = 0;
    *more = false;
    while (at < rest->length && !*more) {
        char byte = rest->text[at];
        if (byte == '"' || byte == '\'') {
            at = skip_quoted(*rest, at);
            continue;
        }
        depth += byte == '(';
        depth -= byte == ')' && depth > 0;
        *more = byte == ',' && depth == 0;
        at += !*more;
    }
    hm_slice piece = {rest->text, at};
    size_t next = at + *more;
    *rest = (hm_slice){rest->text + next, rest->length - next};
    return hm_slice_trim(piece);
}

static size_t count_pieces(hm_slice list) {
    size_t count = 0;
    for (bool more = list.length > 0; more; count++) {
        cut_piece(&list, &more);
    }
    return count;
}

// HM_STEP(...): what stands between its parentheses.
static bool is_call(hm_slice text, hm_slice *inside) {
    size_t open = 0;
    while (open < text.length && hm_is_word_byte(text.text[open])) {
        open++;
    }
    if (open < 4 || memcmp(text.text, "HM_", 3) != 0) {
        return false;
    }
    size_t start = open;
    while (start < text.length && text.text[start] == ' ') {
        start++;
    }
    if (start >= text.length || text.text[start] != '(' ||
            text.text[text.length - 1] != ')') {
        return false;
    }
    *inside = hm_slice_trim((hm_slice){text.text + start + 1, text.length - start - 2});
    return true;
}

static void refuse(hm_argument_reader *reader, hm_slice text) {
    if (reader->fault == NULL) {
        reader->fault = hm_source_format(reader->source,
                text.length == 0 ? "an argument is empty"
                                 : "`%.*s` is no literal and no name",
                (int)text.length, text.text);
    }
}

static hm_arguments read_list(hm_argument_reader *reader, hm_slice spelled,
        hm_slice expanded, unsigned depth);

static void read_call(hm_argument_reader *reader, hm_slice spelled,
        hm_slice spelled_inside, hm_slice expanded, unsigned depth,
        hm_argument *argument) {
    hm_slice expanded_inside;
    if (depth >= DEEPEST || !is_call(expanded, &expanded_inside)) {
        refuse(reader, spelled);
        return;
    }
    hm_arguments inside = read_list(reader, spelled_inside, expanded_inside, depth + 1);
    size_t length = 3;
    while (hm_is_word_byte(spelled.text[length])) {
        length++;
    }
    char *name = hm_source_array(reader->source, length, 1);
    for (size_t i = 3; i < length && name != NULL; i++) {
        name[i - 3] = (char)tolower((unsigned char)spelled.text[i]);
    }
    *argument = (hm_argument){
            .kind = HM_ARGUMENT_CALL,
            .text = name,
            .arguments = inside.items,
            .argument_count = inside.count,
    };
}

static void read_one(hm_argument_reader *reader, hm_slice spelled, hm_slice expanded,
        unsigned depth, hm_argument *argument) {
    hm_slice inside;
    if (is_call(spelled, &inside)) {
        read_call(reader, spelled, inside, expanded, depth, argument);
        return;
    }
    bool literal = hm_literal_read(reader->source, spelled, argument);
    bool is_name = literal && argument->kind == HM_ARGUMENT_NAME;
    if (literal && !(is_name && reader->is_macro(argument->text, reader->context))) {
        return;
    }
    if (!hm_literal_read(reader->source, expanded, argument) && !is_name) {
        refuse(reader, spelled);
    }
}

static hm_arguments read_list(hm_argument_reader *reader, hm_slice spelled,
        hm_slice expanded, unsigned depth) {
    size_t count = count_pieces(expanded);
    if (count_pieces(spelled) != count) {
        spelled = expanded; // a macro that expands to several arguments
    }
    hm_argument *items = hm_source_array(reader->source, count, sizeof *items);
    for (size_t i = 0; i < count && items != NULL; i++) {
        bool more;
        hm_slice one = cut_piece(&spelled, &more);
        read_one(reader, one, cut_piece(&expanded, &more), depth, &items[i]);
    }
    return (hm_arguments){
            .items = items,
            .count = items != NULL && reader->fault == NULL ? count : 0,
            .fault = reader->fault,
    };
}

hm_arguments hm_arguments_read(hm_source *source, const char *spelled,
        const char *expanded, hm_is_macro *is_macro, const void *context) {
    hm_argument_reader reader = {
            .source = source, .is_macro = is_macro, .context = context};
    return read_list(&reader, hm_slice_trim((hm_slice){spelled, strlen(spelled)}),
            hm_slice_trim((hm_slice){expanded, strlen(expanded)}), 0);
}
