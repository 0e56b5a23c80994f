// arguments.c — see arguments.h.

#include "cli/arguments.h"

#include <string.h>

#include "base/names.h"
#include "base/utf8.h"
#include "cli/command.h"

typedef struct hm_reader {
    hm_session *session;
    size_t count;
    const char *const *arguments;
    size_t at; // the next argument
    hm_given *given;
    const char **operands;
} hm_reader;

static const hm_option *find_letter(const hm_command *command, char letter) {
    hm_option_cursor cursor = hm_options_of(command);
    const hm_option *option = hm_options_next(&cursor);
    while (option != NULL && option->letter != letter) {
        option = hm_options_next(&cursor);
    }
    return option;
}

// The option whose name is the first `length` bytes of text.
static const hm_option *find_name(
        const hm_command *command, const char *text, size_t length) {
    hm_option_cursor cursor = hm_options_of(command);
    const hm_option *option = hm_options_next(&cursor);
    while (option != NULL && (strncmp(option->name, text, length) != 0 ||
                                     option->name[length] != '\0')) {
        option = hm_options_next(&cursor);
    }
    return option;
}

static void report_unknown(hm_session *session, const char *text, size_t length) {
    const char *name = hm_session_text(session, "%.*s", (int)length, text);
    const char *mend = hm_session_text(
            session, "`hamilton %s --help` lists them", session->command->name);
    size_t nearest = name != NULL ? hm_names_tolerance(name) + 2 : 0;
    hm_option_cursor cursor = hm_options_of(session->command);
    const hm_option *option;
    while (name != NULL && (option = hm_options_next(&cursor)) != NULL) {
        size_t distance = hm_names_distance(name, option->name, nearest);
        if (distance < nearest) {
            nearest = distance;
            mend = hm_session_text(session, "did you mean --%s?", option->name);
        }
    }
    hm_session_fail(session, HM_BAD_ARGUMENT, mend, "`%s` has no option --%.*s",
            session->command->name, (int)length, text);
}

static bool is_choice(const char *choices, const char *value) {
    size_t length = strlen(value);
    for (const char *at = choices; *at != '\0';) {
        size_t word = strcspn(at, " ");
        if (word == length && strncmp(at, value, word) == 0) {
            return true;
        }
        at += word + (at[word] == ' ');
    }
    return false;
}

// Notes an option whose first operand is `value`, or the next argument if that is NULL.
static void take(hm_reader *reader, const hm_option *option, const char *value) {
    hm_session *session = reader->session;
    const char *values[2] = {"", NULL};
    size_t wanted = option->operand == NULL ? 0 : option->takes_two ? 2 : 1;
    for (size_t i = 0; i < wanted; i++) {
        if (i == 0 && value != NULL) {
            values[i] = value;
        } else if (reader->at < reader->count) {
            values[i] = reader->arguments[reader->at++];
        } else {
            hm_session_fail(session, HM_BAD_ARGUMENT, NULL, "--%s needs %s after it",
                    option->name, option->operand);
            return;
        }
    }
    if (option->choices != NULL && !is_choice(option->choices, values[0])) {
        hm_session_fail(session, HM_BAD_ARGUMENT,
                hm_session_text(session, "it can be: %s", option->choices),
                "--%s cannot be `%s`", option->name, values[0]);
        return;
    }
    session->wants_help |= strcmp(option->name, "help") == 0;
    reader->given[session->given_count++] = (hm_given){option, values[0], values[1]};
}

static void take_long(hm_reader *reader, const char *text) {
    size_t length = strcspn(text, "=");
    const char *value = text[length] == '=' ? text + length + 1 : NULL;
    const hm_option *option = find_name(reader->session->command, text, length);
    if (option == NULL) {
        report_unknown(reader->session, text, length);
    } else if (value != NULL && option->operand == NULL) {
        hm_session_fail(reader->session, HM_BAD_ARGUMENT, NULL,
                "--%s takes no value, but `%s` was given", option->name, value);
    } else {
        take(reader, option, value);
    }
}

// The bytes of one character, to show it whole.
static size_t letter_length(const char *text) {
    size_t length = hm_utf8_length(text, text + strlen(text));
    return length > 0 ? length : 1;
}

// Letters of flags may stand together; what follows the letter of another option is its
// operand.
static void take_letters(hm_reader *reader, const char *letters) {
    for (; *letters != '\0'; letters++) {
        const hm_option *option = find_letter(reader->session->command, *letters);
        if (option == NULL) {
            hm_session_fail(reader->session, HM_BAD_ARGUMENT,
                    hm_session_text(reader->session, "`hamilton %s --help` lists them",
                            reader->session->command->name),
                    "`%s` has no option -%.*s", reader->session->command->name,
                    (int)letter_length(letters), letters);
            return;
        }
        if (option->operand != NULL) {
            take(reader, option, letters[1] != '\0' ? letters + 1 : NULL);
            return;
        }
        take(reader, option, NULL);
    }
}

static hm_status check_operands(hm_session *session) {
    const hm_command *command = session->command;
    const char *mend = hm_session_text(
            session, "write `hamilton %s %s`", command->name, command->operands);
    if (session->operand_count < command->least_operands) {
        return hm_session_fail(session, HM_BAD_ARGUMENT, mend, "`%s` needs %s",
                command->name, command->operands);
    }
    if (session->operand_count > command->most_operands) {
        return hm_session_fail(session, HM_BAD_ARGUMENT, mend,
                "`%s` takes %s, and `%s` is one too many", command->name,
                command->operands, session->operands[command->most_operands]);
    }
    return HM_OK;
}

hm_status hm_arguments_read(
        hm_session *session, size_t count, const char *const *arguments) {
    hm_reader reader = {.session = session, .count = count, .arguments = arguments};

    // A word is one operand, or up to as many flags as it has letters.
    size_t most = 0;
    for (size_t i = 0; i < count; i++) {
        most += strlen(arguments[i]) + 1;
    }
    reader.given = hm_arena_array(&session->arena, most, sizeof *reader.given);
    reader.operands = hm_arena_array(&session->arena, count, sizeof *reader.operands);
    if (reader.given == NULL || reader.operands == NULL) {
        return hm_session_no_memory(session);
    }
    session->given = reader.given;
    session->operands = reader.operands;

    bool only_operands = false;
    while (reader.at < count) {
        const char *argument = arguments[reader.at++];
        if (only_operands || argument[0] != '-' || argument[1] == '\0') {
            reader.operands[session->operand_count++] = argument;
        } else if (strcmp(argument, "--") == 0) {
            only_operands = true;
        } else if (argument[1] == '-') {
            take_long(&reader, argument + 2);
        } else {
            take_letters(&reader, argument + 1);
        }
    }
    if (session->faults.count == 0 && !session->wants_help) {
        check_operands(session);
    }
    return session->faults.first;
}

const char *hm_arguments_value(const hm_session *session, const char *name) {
    const char *value = NULL;
    size_t at = 0;
    const hm_given *given;
    while ((given = hm_arguments_next(session, name, &at)) != NULL) {
        value = given->value;
    }
    return value;
}

hm_status hm_arguments_number_in(hm_session *session, const char *name,
        const char *text, uint32_t most, uint32_t *number) {
    uint64_t value = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '9' && value <= most; at++) {
        value = value * 10 + (uint64_t)(*at - '0');
    }
    if (*at != '\0' || value == 0 || value > most) {
        return hm_session_fail(session, HM_BAD_ARGUMENT,
                hm_session_text(session, "give a number from 1 to %u", (unsigned)most),
                "--%s cannot be `%s`", name, text);
    }
    *number = (uint32_t)value;
    return HM_OK;
}

hm_status hm_arguments_number(
        hm_session *session, const char *name, uint32_t most, uint32_t *number) {
    const char *text = hm_arguments_value(session, name);
    return text != NULL ? hm_arguments_number_in(session, name, text, most, number)
                        : HM_OK;
}

hm_status hm_arguments_split(hm_session *session, const hm_given *given,
        const char *mend, const char **name, const char **rest) {
    const char *equals = strchr(given->value, '=');
    if (equals == NULL || equals == given->value) {
        return hm_session_fail(session, HM_BAD_ARGUMENT, mend, "--%s cannot be `%s`",
                given->option->name, given->value);
    }
    *name = hm_arena_slice(
            &session->arena, given->value, (size_t)(equals - given->value));
    *rest = equals + 1;
    return *name != NULL ? HM_OK : hm_session_no_memory(session);
}

const hm_given *hm_arguments_next(
        const hm_session *session, const char *name, size_t *at) {
    while (*at < session->given_count) {
        const hm_given *given = &session->given[(*at)++];
        if (strcmp(given->option->name, name) == 0) {
            return given;
        }
    }
    return NULL;
}
