// modifiers.c — see modifiers.h. An annotation reads
//
//     hm ␌ name ␌ what was written ␌ what that expands to
//
// with a form feed between: clang takes no numeric escape there, from version 17 on.

#include "reflect/modifiers.h"

#include <string.h>

#include "reflect/arguments.h"

// Ends the text at its next form feed and returns what follows that, or NULL.
static char *cut_field(char *text) {
    char *separator = strchr(text, '\f');
    if (separator == NULL) {
        return NULL;
    }
    *separator = '\0';
    return separator + 1;
}

static bool fits_letter(const hm_argument *argument, char letter) {
    switch (letter) {
    case 'n':
        return argument->kind == HM_ARGUMENT_NAME ||
               argument->kind == HM_ARGUMENT_STRING;
    case 'c':
        return argument->kind == HM_ARGUMENT_CALL;
    case 'a':
        return true;
    default:
        return argument->kind != HM_ARGUMENT_CALL;
    }
}

static void check_arguments(hm_source *source, const hm_modifier_kind *kind,
        hm_arguments arguments, hm_place place, const char *name) {
    if (arguments.fault != NULL) {
        hm_source_fault(source, place, name, kind->usage, "in %s of `%s` %s",
                kind->macro, name, arguments.fault);
        return;
    }
    if (arguments.count < kind->least || arguments.count > kind->most) {
        hm_source_fault(source, place, name, kind->usage,
                "%s of `%s` has %zu argument%s", kind->macro, name, arguments.count,
                arguments.count == 1 ? "" : "s");
        return;
    }
    size_t letters = strlen(kind->arguments);
    for (size_t i = 0; i < arguments.count; i++) {
        char letter = kind->arguments[i < letters ? i : letters - 1];
        if (!fits_letter(&arguments.items[i], letter)) {
            hm_source_fault(source, place, name, kind->usage,
                    "argument %zu in %s of `%s` is not %s", i + 1, kind->macro, name,
                    letter == 'n'   ? "a name"
                    : letter == 'c' ? "a modifier"
                                    : "a literal or a name");
        }
    }
}

typedef struct hm_modifier_reader {
    hm_source *source;
    const hm_macros *macros;
    unsigned stand;
    const char *name;
    hm_modifiers found;
} hm_modifier_reader;

static void add(hm_modifier_reader *reader, const hm_modifier_kind *kind,
        hm_place place, hm_arguments arguments) {
    hm_source *source = reader->source;
    hm_modifiers *found = &reader->found;
    hm_modifier *items =
            hm_source_grow(source, found->items, found->count, sizeof *items);
    hm_place *places =
            hm_source_grow(source, found->places, found->count, sizeof *places);
    const hm_modifier_kind **each =
            hm_source_grow(source, found->kinds, found->count, sizeof *each);
    if (items == NULL || places == NULL || each == NULL) {
        return;
    }
    items[found->count] = (hm_modifier){
            .name = kind->name,
            .arguments = arguments.items,
            .argument_count = arguments.count,
            .line = place.line,
    };
    places[found->count] = place;
    each[found->count] = kind;
    *found = (hm_modifiers){items, places, each, found->count + 1};
}

static void check_stand(
        hm_modifier_reader *reader, const hm_modifier_kind *kind, hm_place place) {
    if ((kind->stands & reader->stand) != 0) {
        return;
    }
    const char *where = reader->stand == HM_ON_PARAMETER ? "the parameter "
                        : reader->stand == HM_ON_NODE    ? "the node "
                                                         : "";
    const char *why = reader->stand == HM_ON_HELPER  ? ", which is no node"
                      : reader->stand == HM_ON_OTHER ? ", where it means nothing"
                                                     : "";
    const char *mend = reader->stand == HM_ON_OTHER      ? "remove it"
                       : kind->stands == HM_ON_PARAMETER ? "put it before a parameter"
                       : (kind->stands & HM_ON_NODE) == 0
                               ? "put it on a function `void f(T *)`"
                       : reader->stand == HM_ON_PARAMETER ? "put it before the function"
                                                          : "remove it";
    hm_source_fault(reader->source, place, reader->name, mend, "%s stands on %s`%s`%s",
            kind->macro, where, reader->name, why);
}

static void read_annotation(hm_modifier_reader *reader, CXCursor cursor) {
    hm_source *source = reader->source;
    CXString string = clang_getCursorSpelling(cursor);
    const char *annotation = clang_getCString(string);
    bool is_ours = annotation != NULL && strncmp(annotation, "hm\f", 3) == 0;
    char *text = is_ours ? hm_arena_text(&source->arena, annotation + 3) : NULL;
    source->no_memory = source->no_memory || (is_ours && text == NULL);
    clang_disposeString(string);
    if (text == NULL) {
        return;
    }
    hm_place place = hm_source_cursor_place(source, cursor);
    char *spelled = cut_field(text);
    char *expanded = spelled != NULL ? cut_field(spelled) : NULL;
    const hm_modifier_kind *kind = hm_modifier_kind_find(text);
    if (kind == NULL || expanded == NULL) {
        hm_source_fault(source, place, reader->name,
                "use the macros of <hamilton/modifiers.h>",
                "`%s` is an unknown modifier of `%s`", text, reader->name);
        return;
    }
    uint32_t earlier = hm_modifiers_find(&reader->found, kind->name);
    if (kind->is_single && earlier != HM_NONE) {
        hm_source_fault(source, place, reader->name, "keep one of them",
                "%s stands twice on `%s`, also in line %u", kind->macro, reader->name,
                (unsigned)reader->found.places[earlier].line);
        return;
    }
    hm_arguments arguments = hm_arguments_read(
            source, spelled, expanded, hm_macros_defines, reader->macros);
    check_stand(reader, kind, place);
    check_arguments(source, kind, arguments, place, reader->name);
    add(reader, kind, place, arguments);
}

static enum CXChildVisitResult visit(
        CXCursor cursor, CXCursor parent, CXClientData data) {
    (void)parent;
    if (clang_getCursorKind(cursor) == CXCursor_AnnotateAttr) {
        read_annotation(data, cursor);
    }
    return CXChildVisit_Continue;
}

hm_modifiers hm_modifiers_read(hm_source *source, const hm_macros *macros,
        CXCursor declaration, unsigned stand, const char *name) {
    hm_modifier_reader reader = {
            .source = source, .macros = macros, .stand = stand, .name = name};
    clang_visitChildren(declaration, visit, &reader);
    return reader.found;
}

typedef struct hm_modifier_search {
    const char *name;
    bool is_found;
} hm_modifier_search;

static enum CXChildVisitResult visit_search(
        CXCursor cursor, CXCursor parent, CXClientData data) {
    (void)parent;
    hm_modifier_search *wanted = data;
    if (clang_getCursorKind(cursor) == CXCursor_AnnotateAttr) {
        CXString string = clang_getCursorSpelling(cursor);
        const char *annotation = clang_getCString(string);
        size_t length = strlen(wanted->name);
        wanted->is_found = annotation != NULL && strncmp(annotation, "hm\f", 3) == 0 &&
                           strncmp(annotation + 3, wanted->name, length) == 0 &&
                           annotation[3 + length] == '\f';
        clang_disposeString(string);
    }
    return wanted->is_found ? CXChildVisit_Break : CXChildVisit_Continue;
}

bool hm_modifiers_stand_on(CXCursor declaration, const char *name) {
    hm_modifier_search wanted = {.name = name};
    clang_visitChildren(declaration, visit_search, &wanted);
    return wanted.is_found;
}

uint32_t hm_modifiers_find(const hm_modifiers *modifiers, const char *name) {
    for (uint32_t i = 0; i < modifiers->count; i++) {
        if (strcmp(modifiers->items[i].name, name) == 0) {
            return i;
        }
    }
    return HM_NONE;
}

static bool is_identifier(const char *text) {
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz"
                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
    return length > 0 && text[length] == '\0' && (text[0] < '0' || text[0] > '9');
}

// The first argument names a node.
static void check_node_name(hm_source *source, const hm_modifiers *modifiers,
        uint32_t index, const char *name) {
    const hm_modifier *modifier = &modifiers->items[index];
    if (modifier->argument_count > 0 && !is_identifier(modifier->arguments[0].text)) {
        hm_source_fault(source, modifiers->places[index], name,
                "give a name as C has them", "`%s` in %s of `%s` is no name",
                modifier->arguments[0].text, modifiers->kinds[index]->macro, name);
    }
}

static void check_variant(
        hm_source *source, const hm_modifiers *modifiers, const char *name) {
    uint32_t otherwise = hm_modifiers_find(modifiers, "otherwise");
    bool conditional = hm_modifiers_find(modifiers, "when") != HM_NONE ||
                       hm_modifiers_find(modifiers, "when_not") != HM_NONE;
    if (otherwise != HM_NONE && conditional) {
        hm_source_fault(source, modifiers->places[otherwise], name,
                "keep the condition or HM_OTHERWISE",
                "`%s` has a condition and HM_OTHERWISE, which has none", name);
    }
    uint32_t given = hm_modifiers_find(modifiers, "name");
    if (given == HM_NONE) {
        return;
    }
    if (otherwise == HM_NONE && !conditional) {
        hm_source_fault(source, modifiers->places[given], name,
                "rename the function, or say when the variant exists",
                "HM_NAME of `%s` stands without HM_WHEN, HM_WHEN_NOT or HM_OTHERWISE",
                name);
    }
    check_node_name(source, modifiers, given, name);
}

static void check_expansion(
        hm_source *source, const hm_modifiers *modifiers, const char *name) {
    uint32_t count = 0;
    uint32_t last = HM_NONE;
    for (uint32_t i = 0; i < modifiers->count; i++) {
        if (strcmp(modifiers->items[i].name, "parameterize") == 0) {
            check_node_name(source, modifiers, i, name);
            count++;
            last = i;
        }
    }
    if (count > 0 && hm_modifiers_find(modifiers, "inject") != HM_NONE) {
        hm_source_fault(source, modifiers->places[last], name,
                "bind the parameters in each HM_PARAMETERIZE",
                "`%s` has HM_INJECT and HM_PARAMETERIZE", name);
    }
    if (count > 1 && hm_modifiers_find(modifiers, "extract_fields") != HM_NONE) {
        hm_source_fault(source, modifiers->places[last], name,
                "extract them in functions that take its nodes",
                "each HM_PARAMETERIZE of `%s` would make the fields of "
                "HM_EXTRACT_FIELDS anew",
                name);
    }
}

void hm_modifiers_check(
        hm_source *source, const hm_modifiers *modifiers, const char *name) {
    check_variant(source, modifiers, name);
    check_expansion(source, modifiers, name);
}
