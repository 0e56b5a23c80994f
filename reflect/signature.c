// signature.c — see signature.h. First each parameter is given a form by its own
// declaration (form.h); what a parameter is may also depend on the others: a size_t
// that is an array's extent is a length, a size_t * beside a T ** is a count.

#include "reflect/signature.h"

#include <string.h>

#include "reflect/form.h"

typedef struct hm_signature {
    hm_source *source;
    hm_types *types;
    hm_model_function *function;
    hm_form *forms; // of each parameter
    uint32_t count;
    uint32_t counter; // index of the parameter that counts expansions, or HM_NONE
} hm_signature;

static void fault(hm_signature *signature, uint32_t index, const char *mend,
        const char *message) {
    hm_form *form = &signature->forms[index];
    if (!form->is_refused) {
        hm_source_fault(signature->source, form->place, signature->function->name, mend,
                "`%s` of `%s` %s", form->name, signature->function->name, message);
    }
    form->is_refused = true;
}

static void check_names(hm_signature *signature) {
    for (uint32_t i = 0; i < signature->count; i++) {
        if (signature->forms[i].name[0] == '\0') {
            hm_source_fault(signature->source, signature->forms[i].place,
                    signature->function->name,
                    "name it as the node or input that it takes",
                    "parameter %u of `%s` has no name", (unsigned)i + 1,
                    signature->function->name);
            signature->forms[i].is_refused = true;
        } else if (strncmp(signature->forms[i].name, "hm_", 3) == 0) {
            fault(signature, i, "give it another name",
                    "begins with hm_, as only names of the engine do");
        }
    }
}

// A parameter that is the extent of an array is a length, whatever it looks like.
static void find_lengths(hm_signature *signature) {
    for (uint32_t i = 0; i < signature->count; i++) {
        hm_form *form = &signature->forms[i];
        for (uint32_t k = 0; form->is_array && k < signature->count; k++) {
            hm_form *extent = &signature->forms[k];
            if (!clang_equalCursors(extent->cursor, form->extent)) {
                continue;
            }
            form->extent_index = k;
            if (!extent->is_size && !extent->is_refused) {
                fault(signature, k,
                        hm_source_format(
                                signature->source, "declare `size_t %s`", extent->name),
                        "is the length of an array and no size_t");
            }
            extent->kind = HM_FORM_LENGTH;
        }
    }
}

// What makes a function asynchronous is the type; where it stands is checked so that
// all such functions read alike.
static void find_async(hm_signature *signature) {
    for (uint32_t i = 0; i < signature->count; i++) {
        if (signature->forms[i].kind != HM_FORM_ASYNC) {
            continue;
        }
        signature->function->is_async = true;
        signature->function->flags |= HM_FUNCTION_FALLIBLE;
        if (i + 1 < signature->count) {
            fault(signature, i, "take one, as the last parameter",
                    "is an `hm_async *` and not the last parameter");
        }
    }
}

// An asynchronous function is given the memory of its outputs before it is started.
static void check_expansions(hm_signature *signature) {
    for (uint32_t i = 0; signature->function->is_async && i < signature->count; i++) {
        if (signature->forms[i].kind == HM_FORM_EXPANSION) {
            fault(signature, i,
                    hm_source_format(signature->source,
                            "write an array as long as one that it takes: `T %s[n]`",
                            signature->forms[i].name),
                    "is an array whose length the function decides, which an "
                    "asynchronous function cannot");
        }
    }
}

// Among several size_t * beside a T ** none is more a count than the others.
static void find_counter(hm_signature *signature) {
    uint32_t expansion = HM_NONE;
    uint32_t counters = 0;
    for (uint32_t i = 0; i < signature->count; i++) {
        const hm_form *form = &signature->forms[i];
        if (form->kind == HM_FORM_EXPANSION) {
            expansion = expansion == HM_NONE ? i : expansion;
        } else if (form->is_size_pointer) {
            counters++;
            signature->counter = i;
        }
    }
    if (expansion == HM_NONE || counters != 1) {
        signature->counter = HM_NONE;
    }
    if (expansion == HM_NONE || counters == 1) {
        return;
    }
    const char *mend = counters == 0 ? "add a parameter `size_t *count`"
                                     : "return the other sizes through another type";
    fault(signature, expansion, mend,
            hm_source_format(signature->source,
                    "is an array whose length the function decides, and the function "
                    "has %s size_t * to count it",
                    counters == 0 ? "no" : "more than one"));
}

static uint32_t find_dimension(const hm_model_function *function, const char *name) {
    for (uint32_t i = 0; i < function->dimension_count; i++) {
        if (strcmp(function->dimensions[i], name) == 0) {
            return i;
        }
    }
    return HM_NONE;
}

static void add_dimension(hm_signature *signature, const char *name) {
    hm_model_function *function = signature->function;
    const char **names = hm_source_grow(signature->source, function->dimensions,
            function->dimension_count, sizeof *names);
    if (names != NULL) {
        function->dimensions = names;
        names[function->dimension_count++] = name;
    }
}

static void collect_dimensions(hm_signature *signature) {
    for (uint32_t i = 0; i < signature->count; i++) {
        if (signature->forms[i].kind == HM_FORM_LENGTH || i == signature->counter) {
            add_dimension(signature, signature->forms[i].name);
        }
    }
}

// The dimension that a form is over, or HM_NONE.
static uint32_t dimension_of(const hm_signature *signature, const hm_form *form) {
    if (form->kind == HM_FORM_EXPANSION) {
        return signature->counter == HM_NONE
                       ? HM_NONE
                       : find_dimension(signature->function,
                                 signature->forms[signature->counter].name);
    }
    return form->is_array && form->extent_index != HM_NONE
                   ? find_dimension(signature->function,
                             signature->forms[form->extent_index].name)
                   : HM_NONE;
}

static void add_argument(hm_signature *signature, hm_role role, uint32_t index) {
    hm_model_function *function = signature->function;
    hm_model_argument *items = hm_source_grow(signature->source, function->arguments,
            function->argument_count, sizeof *items);
    if (items != NULL) {
        function->arguments = items;
        items[function->argument_count++] = (hm_model_argument){role, index};
    }
}

static void add_parameter(hm_signature *signature, const hm_form *form) {
    hm_model_function *function = signature->function;
    hm_model_parameter *items = hm_source_grow(signature->source, function->parameters,
            function->parameter_count, sizeof *items);
    if (items == NULL) {
        return;
    }
    function->parameters = items;
    items[function->parameter_count] = (hm_model_parameter){
            .parameter = {.name = form->name,
                    .type = &form->type->type,
                    .shape = form->is_array ? HM_ARRAY : HM_ONE,
                    .pass = form->kind == HM_FORM_OBJECT ? HM_BY_REFERENCE
                                                         : HM_BY_VALUE,
                    .dimension = dimension_of(signature, form)},
            .place = form->place,
            .is_pointed_at = form->is_pointed_at,
    };
    add_argument(signature, HM_ROLE_INPUT, function->parameter_count++);
}

static void add_output(hm_signature *signature, hm_output output, hm_place place) {
    hm_model_function *function = signature->function;
    for (uint32_t i = 0; i < function->output_count; i++) {
        if (strcmp(function->outputs[i].name, output.name) == 0) {
            hm_source_fault(signature->source, place, function->name,
                    function->result == HM_RESULT_VALUE
                            ? "return void, or a status as int, or name the other "
                              "output otherwise"
                            : "name one of them otherwise",
                    "`%s` has two outputs called `%s`", function->name, output.name);
        }
    }
    hm_output *items = hm_source_grow(signature->source, function->outputs,
            function->output_count, sizeof *items);
    if (items != NULL) {
        function->outputs = items;
        items[function->output_count++] = output;
    }
}

static void add_output_form(hm_signature *signature, const hm_form *form) {
    hm_model_function *function = signature->function;
    bool is_expansion = form->kind == HM_FORM_EXPANSION;
    bool is_own = strcmp(form->name, "out") == 0;
    add_output(signature,
            (hm_output){
                    .name = is_own ? function->name : form->name,
                    .type = &form->type->type,
                    .shape = is_expansion     ? HM_EXPANSION
                             : form->is_array ? HM_ARRAY
                                              : HM_ONE,
                    .pass = HM_BY_VALUE,
                    .ownership = form->ownership,
                    .dimension = dimension_of(signature, form),
            },
            form->place);
    add_argument(signature, HM_ROLE_OUTPUT, function->output_count - 1);
}

static bool is_output(const hm_signature *signature, uint32_t index) {
    hm_form_kind kind = signature->forms[index].kind;
    return kind == HM_FORM_EXPANSION ||
           (kind == HM_FORM_OUTPUT && index != signature->counter);
}

static bool has_outputs(const hm_signature *signature) {
    for (uint32_t i = 0; i < signature->count; i++) {
        if (is_output(signature, i)) {
            return true;
        }
    }
    return false;
}

// What is refused might have been an output.
static bool has_refused(const hm_signature *signature) {
    for (uint32_t i = 0; i < signature->count; i++) {
        if (signature->forms[i].is_refused) {
            return true;
        }
    }
    return false;
}

static void add_forms(hm_signature *signature) {
    for (uint32_t i = 0; i < signature->count; i++) {
        const hm_form *form = &signature->forms[i];
        if (form->kind == HM_FORM_ASYNC) {
            add_argument(signature, HM_ROLE_ASYNC, 0);
            continue;
        }
        if (form->is_refused || form->type == NULL) {
            continue;
        }
        if (form->kind == HM_FORM_LENGTH || i == signature->counter) {
            add_argument(signature,
                    i == signature->counter ? HM_ROLE_COUNT : HM_ROLE_LENGTH,
                    find_dimension(signature->function, form->name));
        } else if (is_output(signature, i)) {
            add_output_form(signature, form);
        } else {
            add_parameter(signature, form);
        }
    }
}

// The engine provides the memory of an output array, so it must know the length before.
static void check_output_lengths(hm_signature *signature) {
    for (uint32_t i = 0; i < signature->count; i++) {
        const hm_form *form = &signature->forms[i];
        if (form->kind != HM_FORM_OUTPUT || !form->is_array || form->is_refused) {
            continue;
        }
        bool found = false;
        for (uint32_t k = 0; k < signature->count && !found; k++) {
            found = signature->forms[k].kind == HM_FORM_VALUE &&
                    signature->forms[k].is_array &&
                    signature->forms[k].extent_index == form->extent_index;
        }
        if (!found && form->extent_index != HM_NONE) {
            const char *extent = signature->forms[form->extent_index].name;
            fault(signature, i,
                    hm_source_format(signature->source,
                            "if it is an input, make it const; else take an array over "
                            "`%s`, or decide the length with `T **%s, size_t *count`",
                            extent, form->name),
                    hm_source_format(signature->source,
                            "is an array over `%s`, but no input is", extent));
        }
    }
}

static void report_no_output(hm_signature *signature) {
    const hm_model_function *function = signature->function;
    if (!has_refused(signature)) {
        hm_source_fault(signature->source, function->place, function->name,
                (function->flags & HM_FUNCTION_HELPER) != 0
                        ? "return a value, or write one through `T *out`: a modifier "
                          "names it"
                : function->is_async
                        ? "write one through `T *out`, or make it static or HM_EXCLUDE"
                        : "return a value, or make it static or HM_EXCLUDE",
                "`%s` has no output", function->name);
    }
}

static void read_result(hm_signature *signature) {
    hm_model_function *function = signature->function;
    hm_form form = hm_form_of_result(
            signature->source, signature->types, function->cursor, function->name);
    bool outputs = has_outputs(signature);
    if (form.kind == HM_FORM_NOTHING) {
        if (!outputs && !form.is_refused) {
            report_no_output(signature);
        }
        return;
    }
    if (form.is_status && outputs) {
        function->result = HM_RESULT_STATUS;
        function->flags |= HM_FUNCTION_FALLIBLE;
        return;
    }
    if (form.is_refused || form.type == NULL) {
        return;
    }
    if (function->is_async) {
        hm_source_fault(signature->source, function->place, function->name,
                "write the value through `T *out`, and return void, or a status as int",
                "`%s` is asynchronous and returns `%s`, but its value comes later",
                function->name, form.type->type.name);
        return;
    }
    function->result = HM_RESULT_VALUE;
    add_output(signature,
            (hm_output){
                    .name = function->name,
                    .type = &form.type->type,
                    .shape = HM_ONE,
                    .pass = form.kind == HM_FORM_OBJECT ? HM_BY_REFERENCE : HM_BY_VALUE,
                    .ownership = form.ownership,
                    .dimension = HM_NONE,
            },
            function->place);
}

// `double f(x) double x; {}`: the parameters are declared behind the parentheses.
static bool is_old_style(hm_signature *signature) {
    hm_place name = signature->function->place;
    if (signature->count == 0) {
        return false;
    }
    const hm_source_file *file = hm_source_tokens(signature->source, name.file);
    uint32_t open = hm_source_token_at(file, name.offset) + 1;
    hm_place first = signature->forms[0].start;
    if (open >= file->token_count || first.file != name.file ||
            !hm_token_is(file, &file->tokens[open - 1], signature->function->name) ||
            !hm_token_is(file, &file->tokens[open], "(")) {
        return false; // or a macro gives the name: `double NODE(f)(double x) {}`
    }
    uint32_t behind = hm_source_close(file, open);
    return behind < file->token_count && first.offset >= file->tokens[behind].offset;
}

static void check_function(hm_signature *signature) {
    hm_model_function *function = signature->function;
    // To libclang `double f() {}` is variadic as well.
    CXType type = clang_getCursorType(function->cursor);
    if (type.kind == CXType_FunctionProto && clang_isFunctionTypeVariadic(type)) {
        hm_source_fault(signature->source, function->place, function->name,
                "take an array: `size_t n, const double x[n]`",
                "`%s` takes a variable number of arguments", function->name);
    }
    if (is_old_style(signature)) {
        hm_source_fault(signature->source, function->place, function->name,
                "declare the parameters between the parentheses",
                "`%s` is defined in the style of before C89", function->name);
    }
}

void hm_signature_read(
        hm_source *source, hm_types *types, hm_model_function *function) {
    int count = clang_Cursor_getNumArguments(function->cursor);
    hm_signature signature = {
            .source = source,
            .types = types,
            .function = function,
            .count = count > 0 ? (uint32_t)count : 0,
            .counter = HM_NONE,
    };
    signature.forms =
            hm_source_array(source, signature.count + 1, sizeof *signature.forms);
    if (signature.forms == NULL) {
        return;
    }
    for (uint32_t i = 0; i < signature.count; i++) {
        signature.forms[i] = hm_form_of_parameter(source, types,
                clang_Cursor_getArgument(function->cursor, i), function->name);
    }
    check_function(&signature);
    check_names(&signature);
    find_lengths(&signature);
    find_async(&signature);
    check_expansions(&signature);
    find_counter(&signature);
    collect_dimensions(&signature);
    check_output_lengths(&signature);
    read_result(&signature);
    add_forms(&signature);
}

hm_model_parameter *hm_signature_find(hm_model_function *function, const char *name) {
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        if (strcmp(function->parameters[i].parameter.name, name) == 0) {
            return &function->parameters[i];
        }
    }
    return NULL;
}

hm_parameter *hm_signature_parameters(
        hm_source *source, const hm_model_function *function) {
    hm_parameter *parameters =
            hm_source_array(source, function->parameter_count, sizeof *parameters);
    for (uint32_t i = 0; i < function->parameter_count && parameters != NULL; i++) {
        parameters[i] = function->parameters[i].parameter;
    }
    return parameters;
}
