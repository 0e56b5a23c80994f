// comment.c — see comment.h. Comments are found among the tokens: the parser's own
// search gives up at a ; { } # or @ between comment and name, which HM_TAG(owner,
// "team@corp") has.

#include "reflect/comment.h"

#include <string.h>

#include "base/text.h"

static const char *text_of(const hm_source_file *file, const hm_token *token) {
    return file->content + token->offset;
}

static bool is_block(const hm_source_file *file, const hm_token *token) {
    const char *text = text_of(file, token);
    return token->length >= 5 && text[0] == '/' && text[1] == '*' &&
           (text[2] == '*' || text[2] == '!') && text[3] != '<' && text[3] != '*';
}

static bool is_line(const hm_source_file *file, const hm_token *token) {
    const char *text = text_of(file, token);
    return token->length >= 3 && text[0] == '/' && text[1] == '/' &&
           (text[2] == '/' || text[2] == '!') &&
           (token->length == 3 || (text[3] != '<' && text[3] != '/'));
}

// Whether only blanks and one line end lie between two tokens.
static bool is_next_line(
        const hm_source_file *file, const hm_token *first, const hm_token *second) {
    size_t lines = 0;
    for (uint32_t i = first->offset + first->length; i < second->offset; i++) {
        lines += file->content[i] == '\n';
    }
    return lines <= 1;
}

static const char *trim_left(const char *text, const char *end) {
    while (text < end && (*text == ' ' || *text == '\t')) {
        text++;
    }
    return text;
}

static const char *trim_right(const char *text, const char *end) {
    while (end > text && strchr(" \t\r\n", end[-1]) != NULL) {
        end--;
    }
    return end;
}

// One line of the result. Leading and doubled empty lines are dropped later.
static void append_line(hm_text *doc, const char *text, const char *end) {
    end = trim_right(text, end);
    if (doc->length > 0) {
        hm_text_append(doc, "\n");
    }
    hm_text_append_bytes(doc, text, (size_t)(end - text));
}

static void append_block(hm_text *doc, const char *text, size_t length) {
    const char *end = text + length - 2;
    const char *line = text + 3;
    for (bool first = true; line <= end; first = false) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const char *line_end = newline != NULL ? newline : end;
        const char *start = trim_left(line, line_end);
        if (!first && start < line_end && *start == '*') {
            start++;
        }
        // One blank belongs to the mark; more of them are the author's layout.
        start += start < line_end && (*start == ' ' || *start == '\t');
        append_line(doc, first ? trim_left(line, line_end) : start, line_end);
        if (newline == NULL) {
            break;
        }
        line = newline + 1;
    }
}

static void append_token(
        hm_text *doc, const hm_source_file *file, const hm_token *token) {
    const char *text = text_of(file, token);
    if (text[1] == '*') {
        append_block(doc, text, token->length);
        return;
    }
    const char *start = text + 3;
    start += token->length > 3 && *start == ' ';
    append_line(doc, start, text + token->length);
}

// The first of the tokens that make up the comment which ends at token `last`, or
// HM_NONE if that is no doc comment.
static uint32_t find_first(const hm_source_file *file, uint32_t last) {
    if (is_block(file, &file->tokens[last])) {
        return last;
    }
    if (!is_line(file, &file->tokens[last])) {
        return HM_NONE;
    }
    while (last > 0 && is_line(file, &file->tokens[last - 1]) &&
            is_next_line(file, &file->tokens[last - 1], &file->tokens[last])) {
        last--;
    }
    return last;
}

const char *hm_comment_read(hm_source *source, hm_place start) {
    const hm_source_file *file = hm_source_tokens(source, start.file);
    uint32_t at = hm_source_token_at(file, start.offset);
    uint32_t first = HM_NONE;
    // Ordinary comments may stand between the doc comment and the function.
    while (first == HM_NONE && at > 0 && file->tokens[at - 1].kind == CXToken_Comment) {
        first = find_first(file, --at);
    }
    if (first == HM_NONE) {
        return NULL;
    }
    hm_text doc;
    hm_text_init(&doc, source->arena.allocator);
    for (uint32_t i = first; i <= at; i++) {
        append_token(&doc, file, &file->tokens[i]);
    }
    const char *text = hm_text_get(&doc);
    const char *end = trim_right(text, text + doc.length);
    text += strspn(text, "\n");
    const char *copy =
            text < end ? hm_arena_slice(&source->arena, text, (size_t)(end - text))
                       : NULL;
    source->no_memory = source->no_memory || doc.failed || (text < end && copy == NULL);
    hm_text_finish(&doc);
    return copy;
}
