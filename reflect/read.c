// read.c — see read.h.

#define _XOPEN_SOURCE 700 // realpath

#include "reflect/read.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/extraction.h"
#include "reflect/accept.h"
#include "reflect/bindings.h"
#include "reflect/caching.h"
#include "reflect/callees.h"
#include "reflect/comment.h"
#include "reflect/data_uses.h"
#include "reflect/default.h"
#include "reflect/does.h"
#include "reflect/duties.h"
#include "reflect/made.h"
#include "reflect/modifiers.h"
#include "reflect/reach.h"
#include "reflect/reduce.h"
#include "reflect/signature.h"
#include "reflect/steps.h"
#include "reflect/switch.h"
#include "reflect/time.h"
#include "reflect/validators.h"

static bool is_reserved(const char *name) {
    return strncmp(name, "hm_", 3) == 0 || strncmp(name, "HM_", 3) == 0;
}

static void check_reserved(hm_source *source, const char *name, hm_place place) {
    if (is_reserved(name)) {
        hm_source_fault(source, place, name, "give it another name",
                "`%s` begins with %.3s, as only names of the engine do", name, name);
    }
}

// Of what no modifier can stand on.
static void refuse_modifiers(
        hm_reading *reading, CXCursor cursor, unsigned stand, const char *name) {
    hm_modifiers modifiers =
            hm_modifiers_read(reading->source, &reading->macros, cursor, name);
    hm_modifiers_check_stand(reading->source, &modifiers, stand, name);
}

// Whatever else the user's files declare may have no names of ours and no modifiers.
static void check_declaration(hm_reading *reading, CXCursor cursor, hm_place place) {
    hm_source *source = reading->source;
    const char *name = hm_source_text(source, clang_getCursorSpelling(cursor));
    check_reserved(source, name, place);
    if (clang_getCursorKind(cursor) != CXCursor_FunctionDecl) {
        refuse_modifiers(reading, cursor, HM_ON_HELPER, name);
    }
}

// Fields and locals say nothing to the engine.
static enum CXChildVisitResult visit_inside(
        CXCursor cursor, CXCursor parent, CXClientData data) {
    (void)parent;
    hm_reading *reading = data;
    hm_source *source = reading->source;
    enum CXCursorKind kind = clang_getCursorKind(cursor);
    if (kind == CXCursor_EnumConstantDecl) {
        check_reserved(source, hm_source_text(source, clang_getCursorSpelling(cursor)),
                hm_source_cursor_place(source, cursor));
    }
    if (kind == CXCursor_FieldDecl || kind == CXCursor_VarDecl) {
        refuse_modifiers(reading, cursor, HM_ON_OTHER,
                hm_source_text(source, clang_getCursorSpelling(cursor)));
        return CXChildVisit_Continue;
    }
    return source->no_memory ? CXChildVisit_Break : CXChildVisit_Recurse;
}

static enum CXChildVisitResult visit(
        CXCursor cursor, CXCursor parent, CXClientData data) {
    (void)parent;
    hm_reading *reading = data;
    if (hm_macros_note(&reading->macros, cursor)) {
        return CXChildVisit_Continue;
    }
    hm_place place = hm_source_cursor_place(reading->source, cursor);
    if (!hm_source_is_users(reading->source, place)) {
        return CXChildVisit_Continue;
    }
    check_declaration(reading, cursor, place);
    enum CXCursorKind kind = clang_getCursorKind(cursor);
    if (kind == CXCursor_FunctionDecl || kind == CXCursor_StructDecl ||
            kind == CXCursor_UnionDecl || kind == CXCursor_EnumDecl) {
        clang_visitChildren(cursor, visit_inside, reading);
    }
    if (kind == CXCursor_FunctionDecl) {
        hm_declared_note(&reading->declared, cursor);
    }
    return reading->source->no_memory ? CXChildVisit_Break : CXChildVisit_Continue;
}

// The file's name without its folder and suffix, and what C makes of it.
static void name_module(hm_reading *reading, const char *path) {
    hm_source *source = reading->source;
    const char *slash = strrchr(path, '/');
    const char *base = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(base, '.');
    size_t length = dot != NULL && dot != base ? (size_t)(dot - base) : strlen(base);
    reading->model.name = hm_source_format(source, "%.*s", (int)length, base);
    char *symbol = hm_source_array(source, length + 2, 1);
    if (symbol == NULL) {
        return;
    }
    reading->model.symbol = symbol;
    if (isdigit((unsigned char)base[0])) {
        *symbol++ = '_';
    }
    for (size_t i = 0; i < length; i++) {
        bool fits = isalnum((unsigned char)base[i]) && (unsigned char)base[i] < 0x80;
        symbol[i] = base[i];
        if (!fits) {
            symbol[i] = '_';
        }
    }
}

static void find_path(hm_reading *reading) {
    hm_source *source = reading->source;
    hm_model *model = &reading->model;
    model->shown_path = source->files[source->main].path;
    char *absolute = realpath(model->shown_path, NULL);
    model->path = hm_source_format(
            source, "%s", absolute != NULL ? absolute : model->shown_path);
    free(absolute);
    if (strpbrk(model->path, "\"\n") != NULL) {
        hm_source_fault(source, (hm_place){.file = source->main}, NULL,
                "rename the file or its folder",
                "no #include can name a path with quotes or line ends");
    }
    name_module(reading, model->shown_path);
}

static bool has(const hm_declared_function *declared, const char *modifier) {
    return hm_modifiers_find(&declared->modifiers, modifier) != HM_NONE;
}

// Whether a function could be a node, were it not for modifiers that say no.
static bool is_candidate(
        const hm_source *source, const hm_declared_function *function) {
    // A prototype may be a node although nothing is written that computes it.
    bool is_made = !clang_Cursor_isNull(function->definition) ||
                   has(function, "switch") || has(function, "does");
    return is_made && function->has_symbol && function->is_visible &&
           function->place.file == source->main;
}

static void check_name(hm_reading *reading, const hm_declared_function *function) {
    static const char *const taken[] = {"main", "free", "out", "_init", "_fini"};
    hm_source *source = reading->source;
    const char *module_symbol =
            hm_source_format(source, "%s_module", reading->model.symbol);
    bool is_taken = strcmp(function->name, module_symbol) == 0 ||
                    strcmp(function->name, "hamilton_entry") == 0;
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        is_taken = is_taken || strcmp(function->name, taken[i]) == 0;
    }
    if (is_taken) {
        hm_source_fault(source, function->place, function->name,
                "rename it, or make it static", "a node cannot be called `%s`",
                function->name);
    }
}

// HM_NULLABLE stands on an array whose type has no NaN.
static void allow_missing(hm_source *source, hm_model_function *function,
        const char *name, hm_place place) {
    hm_model_parameter *found = hm_signature_find(function, name);
    hm_parameter *parameter = found != NULL ? &found->parameter : NULL;
    if (parameter == NULL || parameter->shape != HM_ARRAY) {
        hm_source_fault(source, place, function->name, "remove HM_NULLABLE",
                "`%s` is no array that `%s` takes", name, function->name);
    } else if (parameter->type->kind == HM_KIND_FLOAT) {
        hm_source_fault(source, place, function->name, "remove HM_NULLABLE",
                "what is missing of `%s` is NaN, since it is %s", name,
                parameter->type->name);
    } else {
        parameter->is_nullable = true;
    }
}

static void read_parameter(hm_reading *reading, hm_model_function *function,
        CXCursor argument, const char *name) {
    hm_source *source = reading->source;
    hm_modifiers modifiers =
            hm_modifiers_read(source, &reading->macros, argument, name);
    hm_modifiers_check_stand(source, &modifiers, HM_ON_PARAMETER, name);
    uint32_t time = hm_modifiers_find(&modifiers, "time");
    if (time != HM_NONE) {
        hm_time_apply(&reading->types, function, name, &modifiers.items[time],
                modifiers.places[time]);
    }
    uint32_t nullable = hm_modifiers_find(&modifiers, "nullable");
    if (nullable != HM_NONE) {
        allow_missing(source, function, name, modifiers.places[nullable]);
    }
    uint32_t accepts = hm_modifiers_find(&modifiers, "accept_failed");
    if (accepts != HM_NONE) {
        hm_accept_apply(source, function, name, modifiers.places[accepts]);
    }
    uint32_t found = hm_modifiers_find(&modifiers, "default");
    if (found != HM_NONE) {
        hm_default_apply(source, function, hm_signature_find(function, name), name,
                &modifiers.items[found], modifiers.places[found]);
    }
}

static void read_parameters(hm_reading *reading, const hm_declared_function *declared,
        hm_model_function *function) {
    int count = clang_Cursor_getNumArguments(function->cursor);
    for (int i = 0; i < count; i++) {
        CXCursor argument = clang_Cursor_getArgument(declared->latest, (unsigned)i);
        CXCursor defined = clang_Cursor_getArgument(function->cursor, (unsigned)i);
        read_parameter(reading, function, argument,
                hm_source_text(reading->source, clang_getCursorSpelling(defined)));
    }
    hm_accept_check(reading->source, function);
}

// The comment before the definition, or else before the first declaration.
static const char *read_doc(hm_source *source, CXCursor definition) {
    hm_place start = hm_source_span(source, definition).start;
    const char *doc = hm_comment_read(source, start);
    CXCursor first = clang_getCanonicalCursor(definition);
    if (doc != NULL || clang_equalCursors(first, definition)) {
        return doc;
    }
    start = hm_source_span(source, first).start;
    return hm_source_is_users(source, start) ? hm_comment_read(source, start) : NULL;
}

typedef struct hm_modifier_place {
    hm_source *source;
    hm_place place;
    const char *function;
} hm_modifier_place;

static void refuse(void *context, const char *mend, const char *message) {
    const hm_modifier_place *at = context;
    hm_source_fault(at->source, at->place, at->function,
            hm_source_format(at->source, "%s", mend), "%s", message);
}

static void check_extraction(hm_source *source, const hm_model_function *function,
        const hm_modifiers *modifiers) {
    uint32_t found = hm_modifiers_find(modifiers, "extract_fields");
    if (found == HM_NONE || function->output_count == 0) {
        return; // the latter has been reported
    }
    hm_modifier_place at = {source, modifiers->places[found], function->name};
    hm_extraction_check(&modifiers->items[found], function->name, function->outputs,
            function->output_count, refuse, &at);
}

static hm_model_function *add_function(
        hm_reading *reading, const hm_declared_function *declared) {
    hm_source *source = reading->source;
    hm_model *model = &reading->model;
    hm_model_function *functions = hm_source_grow(
            source, model->functions, model->function_count, sizeof *functions);
    if (functions == NULL) {
        return NULL;
    }
    model->functions = functions;
    hm_model_function *function = &functions[model->function_count++];
    CXCursor cursor = hm_declared_cursor(declared);
    *function = (hm_model_function){
            .cursor = cursor,
            .has_body = !clang_Cursor_isNull(declared->definition),
            .place = declared->place,
            .file = source->files[declared->place.file].path,
            .name = declared->name,
            .doc = read_doc(source, cursor),
            .is_static = clang_getCursorLinkage(cursor) == CXLinkage_Internal,
            .modifiers = declared->modifiers.items,
            .modifier_count = declared->modifiers.count,
    };
    return function;
}

// What the declaration says, and the modifiers that say more of the same.
static void read_declaration(hm_reading *reading, const hm_declared_function *declared,
        hm_model_function *function) {
    hm_source *source = reading->source;
    const hm_modifiers *modifiers = &declared->modifiers;
    if (hm_modifiers_find(modifiers, "stateful") != HM_NONE) {
        function->flags |= HM_FUNCTION_STATEFUL;
    }
    uint32_t fault_count = source->found_count;
    hm_signature_read(source, &reading->types, function);
    uint32_t reduce = hm_modifiers_find(modifiers, "reduce");
    if (reduce != HM_NONE && source->found_count == fault_count) {
        hm_reduce_read(&reading->types, &reading->declared, function,
                &modifiers->items[reduce], modifiers->places[reduce]);
    }
    uint32_t time = hm_modifiers_find(modifiers, "time");
    if (time != HM_NONE) {
        hm_time_apply(&reading->types, function, function->name,
                &modifiers->items[time], modifiers->places[time]);
    }
    read_parameters(reading, declared, function);
    function->is_refused = source->found_count > fault_count;
    uint32_t chosen = hm_modifiers_find(modifiers, "switch");
    if (chosen != HM_NONE && !function->is_refused) {
        hm_switch_read(
                source, function, &modifiers->items[chosen], modifiers->places[chosen]);
    }
}

static void read_node(hm_reading *reading, hm_declared_function *declared) {
    hm_model_function *function = add_function(reading, declared);
    if (function == NULL) {
        return;
    }
    declared->function = reading->model.function_count - 1;
    check_name(reading, declared);
    hm_modifiers_check(reading->source, &declared->modifiers, declared->name);
    read_declaration(reading, declared, function);
    check_extraction(reading->source, function, &declared->modifiers);
    hm_validators_read(reading->source, function, &declared->modifiers);
    hm_bindings_read(reading->source, function, &declared->modifiers);
    if (!function->is_refused) {
        hm_made_check_tags(reading->source, function, &declared->modifiers);
        hm_made_check_keys(reading->source, function, &declared->modifiers);
        hm_caching_check(reading->source, function, &declared->modifiers);
        hm_data_uses_check(reading->source, function, &declared->modifiers);
    }
}

static void read_callee(hm_reading *reading, hm_declared_function *declared) {
    hm_model_function *function = add_function(reading, declared);
    if (function == NULL) {
        return;
    }
    declared->function = reading->model.function_count - 1;
    function->flags |= HM_FUNCTION_HELPER;
    read_declaration(reading, declared, function);
}

// The parameters of functions that nothing but C calls say nothing to the engine.
static void read_helper(hm_reading *reading, const hm_declared_function *declared) {
    int count = clang_Cursor_getNumArguments(declared->latest);
    bool is_static = clang_getCursorLinkage(declared->latest) == CXLinkage_Internal;
    for (int i = 0; i < count && is_static; i++) {
        CXCursor argument = clang_Cursor_getArgument(declared->latest, (unsigned)i);
        refuse_modifiers(reading, argument, HM_ON_OTHER,
                hm_source_text(reading->source, clang_getCursorSpelling(argument)));
    }
}

static void read_function(hm_reading *reading, hm_declared_function *declared) {
    hm_source *source = reading->source;
    bool excluded = has(declared, "exclude");
    bool is_defined = !clang_Cursor_isNull(declared->definition);
    bool mutates = has(declared, "mutate");
    bool is_node = is_candidate(source, declared) && !excluded && !mutates &&
                   !hm_duties_has(declared);
    bool is_callee = !is_node && (declared->is_callee || mutates) && is_defined;
    // What is only declared here may be another module's node.
    bool may_be_node = excluded || (!is_defined && declared->has_symbol);
    unsigned stand = is_node ? HM_ON_NODE
                             : HM_ON_HELPER | (may_be_node ? HM_ON_NODE : 0) |
                                       (is_callee ? HM_ON_CALLEE : 0);
    hm_modifiers_check_stand(source, &declared->modifiers, stand, declared->name);
    if (!is_node && is_defined && strcmp(declared->name, "free") == 0) {
        hm_source_fault(source, declared->place, declared->name, "rename it",
                "`free` is what the engine calls for memory that nodes give");
    }
    if (is_node) {
        read_node(reading, declared);
    } else if (is_callee) {
        read_callee(reading, declared);
    } else {
        read_helper(reading, declared);
    }
    hm_duties_note(&reading->types, declared);
}

static void read_functions(hm_reading *reading) {
    hm_declared *declared = &reading->declared;
    for (uint32_t i = 0; i < declared->count; i++) {
        hm_declared_function *function = &declared->items[i];
        function->modifiers = hm_modifiers_read(
                reading->source, &reading->macros, function->latest, function->name);
    }
    hm_callees_mark(declared);
    for (uint32_t i = 0; i < declared->count; i++) {
        read_function(reading, &declared->items[i]);
    }
    hm_callees_check(reading->source, declared);
    hm_steps_read(reading->source, declared, &reading->model);
    hm_does_read(reading->source, declared, &reading->model);
    hm_validators_check_own(reading->source, declared, &reading->model);
    hm_made_check_nodes(reading->source, &reading->model);
}

// A struct that holds pointers points at what its maker borrowed.
static void mark_borrowed(hm_model_function *function) {
    for (uint32_t i = 0; i < function->output_count; i++) {
        hm_output *output = &function->outputs[i];
        const hm_model_type *type = (const hm_model_type *)output->type;
        if (output->ownership == HM_OWNED && type->holds_pointers) {
            output->ownership = HM_BORROWED;
        }
    }
}

// _GNU_SOURCE and its kin are read by headers that are still to come.
static bool is_the_systems(const char *macro) {
    return macro[0] == '_' && (macro[1] == '_' || isupper((unsigned char)macro[1]));
}

static void list_macros(hm_reading *reading) {
    hm_macros *macros = &reading->macros;
    const char **names = hm_source_array(reading->source, macros->count, sizeof *names);
    uint32_t count = 0;
    for (uint32_t i = 0; i < macros->count && names != NULL; i++) {
        const hm_macro *macro = &macros->items[i];
        if (macro->is_users) {
            check_reserved(reading->source, macro->name, macro->span.start);
        }
        if ((macro->is_users || macro->is_flag) && !is_the_systems(macro->name)) {
            names[count++] = macro->name;
        }
    }
    reading->model.macros = names;
    reading->model.macro_count = names != NULL ? count : 0;
}

hm_status hm_reading_init(hm_reading *reading, hm_source *source) {
    *reading = (hm_reading){.source = source};
    hm_macros_init(&reading->macros, source);
    hm_types_init(&reading->types, source);
    hm_declared_init(&reading->declared, source);
    find_path(reading);
    clang_visitChildren(clang_getTranslationUnitCursor(source->unit), visit, reading);
    hm_macros_sort(&reading->macros);
    list_macros(reading);
    read_functions(reading);
    hm_types_trace_pointers(&reading->types);
    hm_model *model = &reading->model;
    for (uint32_t i = 0; i < model->function_count; i++) {
        mark_borrowed(&model->functions[i]);
        hm_duties_check_outputs(source, &model->functions[i]);
    }
    hm_duties_check_types(&reading->types);
    model->types = reading->types.items;
    model->type_count = reading->types.count;
    if (!source->no_memory) {
        hm_reach_read(source, &reading->macros, &reading->declared, model);
    }
    return source->no_memory ? HM_NO_MEMORY : hm_source_report(source);
}

void hm_reading_finish(hm_reading *reading) {
    hm_declared_finish(&reading->declared);
    hm_types_finish(&reading->types);
    hm_macros_finish(&reading->macros);
}
