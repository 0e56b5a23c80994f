// module_text.c — see module_text.h. A declaration is read word by word; what a
// parameter is follows from const, * and [n], as module-language.md says.

#include "tests/support/module_text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocator.h"
#include "base/arena.h"

enum { MOST = 32 }; // of anything that one declaration has

static hm_arena arena;
static hm_type structs[MOST];
static size_t struct_count;

typedef struct hm_reader {
    const char *file;
    const char *at;
    uint32_t line;
    char word[128]; // the current one, "" at the end
    bool is_quoted;
} hm_reader;

static void give_up(const hm_reader *reader, const char *expected) {
    fprintf(stderr, "%s:%u: expected %s, but found '%s'\n", reader->file,
            (unsigned)reader->line, expected, reader->word);
    abort();
}

static void *take(size_t count, size_t size) {
    void *memory = hm_arena_array(&arena, count, size);
    if (memory == NULL) {
        abort();
    }
    return memory;
}

static const char *keep(const char *text) {
    char *copy = take(strlen(text) + 1, 1);
    strcpy(copy, text);
    return copy;
}

static bool is_word(int c) {
    return isalnum(c) || c == '_' || c == '.' || c == '-';
}

static void next(hm_reader *reader) {
    for (; isspace((unsigned char)*reader->at); reader->at++) {
        reader->line += *reader->at == '\n';
    }
    size_t length = 0;
    reader->is_quoted = *reader->at == '"';
    if (reader->is_quoted) {
        for (reader->at++; *reader->at != '"' && *reader->at != '\0'; reader->at++) {
            reader->word[length++] = *reader->at;
        }
        reader->at += *reader->at == '"';
    } else if (is_word((unsigned char)*reader->at)) {
        while (is_word((unsigned char)*reader->at)) {
            reader->word[length++] = *reader->at++;
        }
    } else if (*reader->at != '\0') {
        reader->word[length++] = *reader->at++;
    }
    reader->word[length] = '\0';
}

static bool is(const hm_reader *reader, const char *word) {
    return !reader->is_quoted && strcmp(reader->word, word) == 0;
}

static bool skip(hm_reader *reader, const char *word) {
    if (!is(reader, word)) {
        return false;
    }
    next(reader);
    return true;
}

static void expect(hm_reader *reader, const char *word) {
    if (!skip(reader, word)) {
        give_up(reader, word);
    }
}

static const char *read_name(hm_reader *reader) {
    if (!is_word((unsigned char)reader->word[0])) {
        give_up(reader, "a name");
    }
    const char *name = keep(reader->word);
    next(reader);
    return name;
}

static hm_type *struct_called(const char *tag) {
    char name[160];
    snprintf(name, sizeof name, "struct %s", tag);
    for (size_t i = 0; i < struct_count; i++) {
        if (strcmp(structs[i].name, name) == 0) {
            return &structs[i];
        }
    }
    structs[struct_count] =
            (hm_type){.name = keep(name), .kind = HM_KIND_OPAQUE, .destroy = free};
    return &structs[struct_count++];
}

static const hm_type *read_type(hm_reader *reader) {
    if (skip(reader, "struct")) {
        return struct_called(read_name(reader));
    }
    static const struct {
        const char *name;
        const hm_type *type;
    } known[] = {
            {"bool", &hm_type_bool},
            {"char", &hm_type_char},
            {"double", &hm_type_double},
            {"float", &hm_type_float},
            {"int", &hm_type_int},
            {"long", &hm_type_long},
            {"size_t", &hm_type_ulong},
            {"void", NULL},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (skip(reader, known[i].name)) {
            return known[i].type;
        }
    }
    give_up(reader, "a type");
    return NULL;
}

// struct NAME { type field; ... };
static void read_struct(hm_reader *reader) {
    hm_type *type = struct_called(read_name(reader));
    hm_field *fields = take(MOST, sizeof *fields);
    expect(reader, "{");
    *type = (hm_type){.name = type->name,
            .kind = HM_KIND_STRUCT,
            .fields = fields,
            .destroy = free};
    type->alignment = 1;
    while (!skip(reader, "}")) {
        const hm_type *of = read_type(reader);
        type->size = (type->size + of->alignment - 1) / of->alignment * of->alignment;
        fields[type->field_count++] =
                (hm_field){.name = read_name(reader), .type = of, .offset = type->size};
        type->size += of->size;
        type->alignment =
                of->alignment > type->alignment ? of->alignment : type->alignment;
        expect(reader, ";");
    }
    expect(reader, ";");
    type->size = (type->size + type->alignment - 1) / type->alignment * type->alignment;
}

static hm_argument read_argument(hm_reader *reader) {
    hm_argument argument = {.kind = HM_ARGUMENT_NAME, .text = keep(reader->word)};
    char *end;
    if (reader->is_quoted) {
        argument.kind = HM_ARGUMENT_STRING;
    } else if (is(reader, "true") || is(reader, "false")) {
        argument.kind = HM_ARGUMENT_BOOL;
        argument.integer = is(reader, "true");
    } else if (argument.real = strtod(argument.text, &end), *end == '\0') {
        bool is_integer = strpbrk(argument.text, ".eExX") == NULL;
        argument.kind = is_integer ? HM_ARGUMENT_INT : HM_ARGUMENT_REAL;
        argument.integer = is_integer ? strtoll(argument.text, NULL, 10) : 0;
    }
    next(reader);
    return argument;
}

// What HM_NAME is called in the tables: "name".
static const char *modifier_name(const char *macro) {
    char name[128];
    size_t length = strlen(macro + 3);
    for (size_t i = 0; i <= length; i++) {
        name[i] = (char)tolower((unsigned char)macro[3 + i]);
    }
    return keep(name);
}

static bool is_modifier(const hm_reader *reader) {
    return strncmp(reader->word, "HM_", 3) == 0;
}

static hm_argument read_call(hm_reader *reader);

static hm_argument read_any(hm_reader *reader) {
    return is_modifier(reader) ? read_call(reader) : read_argument(reader);
}

// HM_NAME(argument, ...)
static hm_argument read_call(hm_reader *reader) {
    hm_argument *arguments = take(MOST, sizeof *arguments);
    hm_argument call = {.kind = HM_ARGUMENT_CALL,
            .text = modifier_name(reader->word),
            .arguments = arguments};
    next(reader);
    expect(reader, "(");
    while (!skip(reader, ")")) {
        arguments[call.argument_count++] = read_any(reader);
        skip(reader, ",");
    }
    return call;
}

// HM_NAME or HM_NAME(argument, ...); the first word has been seen to begin with HM_.
static hm_modifier read_modifier(hm_reader *reader) {
    hm_argument *arguments = take(MOST, sizeof *arguments);
    hm_modifier modifier = {.arguments = arguments, .line = reader->line};
    modifier.name = modifier_name(reader->word);
    next(reader);
    if (skip(reader, "(")) {
        while (!skip(reader, ")")) {
            arguments[modifier.argument_count++] = read_any(reader);
            skip(reader, ",");
        }
    }
    return modifier;
}

// What stands between two commas of a parameter list.
typedef struct hm_declared {
    const char *name;
    const hm_type *type;
    bool is_const;
    unsigned stars;
    const char *extent; // or NULL
    bool has_default;
} hm_declared;

static hm_declared read_declared(hm_reader *reader) {
    hm_declared declared = {0};
    if (is_modifier(reader)) {
        hm_modifier modifier = read_modifier(reader);
        declared.has_default = strcmp(modifier.name, "default") == 0;
    }
    declared.is_const = skip(reader, "const");
    declared.type = read_type(reader);
    while (skip(reader, "*")) {
        declared.stars++;
        skip(reader, "const");
    }
    // A string is a type of its own, and const is part of it.
    if (declared.type == &hm_type_char && declared.stars > 0) {
        declared.type = &hm_type_string;
        declared.stars--;
    }
    declared.name = read_name(reader);
    if (skip(reader, "[")) {
        declared.extent = read_name(reader);
        expect(reader, "]");
    }
    return declared;
}

typedef struct hm_making {
    hm_function *function;
    hm_parameter *parameters;
    hm_output *outputs;
    const char **dimensions;
} hm_making;

static uint32_t dimension(const hm_making *making, const char *name) {
    hm_function *function = making->function;
    for (uint32_t i = 0; i < function->dimension_count; i++) {
        if (strcmp(making->dimensions[i], name) == 0) {
            return i;
        }
    }
    making->dimensions[function->dimension_count] = name;
    return (uint32_t)function->dimension_count++;
}

static void add_output(const hm_making *making, const hm_declared *declared) {
    hm_function *function = making->function;
    bool is_out = strcmp(declared->name, "out") == 0;
    hm_output *output = &making->outputs[function->output_count++];
    *output = (hm_output){
            .name = is_out ? function->name : declared->name,
            .type = declared->type,
            .dimension = HM_NONE,
    };
    output->ownership = declared->type == &hm_type_string ? HM_BORROWED : HM_OWNED;
    if (declared->extent != NULL) {
        output->shape = HM_ARRAY;
        output->dimension = dimension(making, declared->extent);
    } else if (declared->stars == 2) {
        output->shape = HM_EXPANSION;
        output->dimension = dimension(making, "count");
    }
}

static void add_parameter(const hm_making *making, const hm_declared *declared) {
    hm_parameter *parameter = &making->parameters[making->function->parameter_count++];
    *parameter = (hm_parameter){
            .name = declared->name,
            .type = declared->type,
            .pass = declared->stars > 0 ? HM_BY_REFERENCE : HM_BY_VALUE,
            .dimension = HM_NONE,
            .default_value = declared->has_default ? "\0\0\0\0\0\0\0\0" : NULL,
    };
    if (declared->extent != NULL) {
        parameter->shape = HM_ARRAY;
        parameter->dimension = dimension(making, declared->extent);
    }
}

static bool is_length(
        const hm_declared *all, size_t count, const hm_declared *declared) {
    if (declared->type != &hm_type_ulong) {
        return false;
    }
    if (declared->stars == 1) {
        return true; // of an expansion
    }
    for (size_t i = 0; i < count; i++) {
        if (all[i].extent != NULL && strcmp(all[i].extent, declared->name) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_output(const hm_declared *declared) {
    bool is_text = declared->type == &hm_type_string;
    return declared->stars == 2 || (is_text && declared->stars == 1) ||
           (!declared->is_const && (declared->stars == 1 || declared->extent != NULL));
}

static int call_nothing(void *frame, const uint32_t *at, void *self) {
    (void)frame;
    (void)at;
    (void)self;
    return 0;
}

static void add_result(
        const hm_making *making, const hm_type *type, bool is_const, unsigned stars) {
    hm_output *output = &making->outputs[making->function->output_count++];
    *output = (hm_output){
            .name = making->function->name,
            .type = type,
            .pass = stars > 0 ? HM_BY_REFERENCE : HM_BY_VALUE,
            .dimension = HM_NONE,
    };
    if (stars > 0 || type == &hm_type_string) {
        output->ownership = is_const ? HM_BORROWED : HM_GIVEN;
    }
}

static void read_function(hm_reader *reader, hm_function *function) {
    hm_making making = {function, take(MOST, sizeof(hm_parameter)),
            take(MOST, sizeof(hm_output)), take(MOST, sizeof(char *))};
    hm_modifier *modifiers = take(MOST, sizeof *modifiers);
    *function = (hm_function){
            .file = reader->file,
            .parameters = making.parameters,
            .outputs = making.outputs,
            .dimensions = making.dimensions,
            .modifiers = modifiers,
            .call = call_nothing,
    };
    while (is_modifier(reader)) {
        modifiers[function->modifier_count++] = read_modifier(reader);
    }
    if (skip(reader, "static")) {
        function->flags |= HM_FUNCTION_HELPER;
    }
    bool is_const = skip(reader, "const");
    const hm_type *result = read_type(reader);
    unsigned stars = 0;
    while (skip(reader, "*")) {
        stars++;
    }
    if (result == &hm_type_char && stars > 0) {
        result = &hm_type_string;
        stars--;
    }
    function->line = reader->line;
    function->name = read_name(reader);
    hm_declared declared[MOST];
    size_t count = 0;
    expect(reader, "(");
    skip(reader, "void");
    while (!skip(reader, ")")) {
        declared[count++] = read_declared(reader);
        skip(reader, ",");
    }
    expect(reader, ";");
    bool has_outputs = false;
    for (size_t i = 0; i < count; i++) {
        if (is_length(declared, count, &declared[i])) {
            continue;
        }
        if (is_output(&declared[i])) {
            add_output(&making, &declared[i]);
            has_outputs = true;
        } else {
            add_parameter(&making, &declared[i]);
        }
    }
    if (result != NULL && !(has_outputs && result == &hm_type_int)) {
        add_result(&making, result, is_const, stars);
    }
}

static const char *stem_of(const char *file) {
    const char *slash = strrchr(file, '/');
    const char *name = slash != NULL ? slash + 1 : file;
    char stem[128];
    snprintf(stem, sizeof stem, "%.*s", (int)strcspn(name, "."), name);
    return keep(stem);
}

static size_t count_functions(const char *text) {
    size_t count = 0;
    for (; *text != '\0'; text++) {
        count += *text == ')';
    }
    return count;
}

hm_module *hm_module_text(const char *file, const char *text) {
    if (arena.allocator == NULL) {
        hm_arena_init(&arena, hm_allocator_default());
    }
    hm_module *module = take(1, sizeof *module);
    hm_function *functions = take(count_functions(text), sizeof *functions);
    *module = (hm_module){
            .abi = HM_MODULE_ABI,
            .name = stem_of(file),
            .file = keep(file),
            .functions = functions,
            .free = free,
    };
    hm_reader reader = {.file = module->file, .at = text, .line = 1};
    next(&reader);
    while (reader.word[0] != '\0') {
        // "struct T f()" is a function, "struct T {" is not.
        const char *brace = strpbrk(reader.at, "{(;");
        if (is(&reader, "struct") && brace != NULL && *brace == '{') {
            next(&reader);
            read_struct(&reader);
        } else {
            read_function(&reader, &functions[module->function_count++]);
        }
    }
    return module;
}

void hm_module_text_finish(void) {
    hm_arena_finish(&arena);
    struct_count = 0;
}
