// modifiers.c — see modifiers.h. An annotation reads
//
//     hm ␌ name ␌ what was written ␌ what that expands to
//
// with a form feed between: clang takes no numeric escape there, from version 17 on.

#include "reflect/modifiers.h"

#include <string.h>

#include "base/literal.h"
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
    case 'f':
        return hm_argument_is_word(argument);
    case 'c':
    case 's':
        return argument->kind == HM_ARGUMENT_CALL;
    case 'a':
        return true;
    default:
        return argument->kind != HM_ARGUMENT_CALL;
    }
}

static char letter_of(const hm_modifier_kind *kind, size_t argument) {
    size_t letters = strlen(kind->arguments);
    return letters == 0 ? '\0'
                        : kind->arguments[argument < letters ? argument : letters - 1];
}

const hm_argument *hm_modifier_callee(
        const hm_modifier_kind *kind, const hm_modifier *modifier, size_t argument) {
    const hm_argument *found = &modifier->arguments[argument];
    char letter = letter_of(kind, argument);
    if (letter == 's' && found->kind == HM_ARGUMENT_CALL &&
            strcmp(found->text, "step") == 0 && found->argument_count > 0) {
        found = &found->arguments[0];
        letter = 'f';
    }
    return letter == 'f' && fits_letter(found, letter) ? found : NULL;
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
    for (size_t i = 0; i < arguments.count; i++) {
        char letter = letter_of(kind, i);
        if (!fits_letter(&arguments.items[i], letter)) {
            hm_source_fault(source, place, name, kind->usage,
                    "argument %zu in %s of `%s` is not %s", i + 1, kind->macro, name,
                    letter == 'n' || letter == 'f'   ? "a name"
                    : letter == 'c' || letter == 's' ? "a modifier"
                                                     : "a literal or a name");
        }
    }
}

typedef struct hm_modifier_reader {
    hm_source *source;
    const hm_macros *macros;
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
        CXCursor declaration, const char *name) {
    hm_modifier_reader reader = {.source = source, .macros = macros, .name = name};
    clang_visitChildren(declaration, visit, &reader);
    return reader.found;
}

static void check_stand(hm_source *source, const hm_modifier_kind *kind, hm_place place,
        unsigned stand, const char *name) {
    const char *where = stand == HM_ON_PARAMETER ? "the parameter "
                        : stand == HM_ON_NODE    ? "the node "
                                                 : "";
    const char *why = stand == HM_ON_OTHER ? ", where it means nothing"
                      : (stand & ~(unsigned)HM_ON_CALLEE) == HM_ON_HELPER
                              ? ", which is no node"
                              : "";
    const char *mend = stand == HM_ON_OTHER              ? "remove it"
                       : kind->stands == HM_ON_PARAMETER ? "put it before a parameter"
                       : kind->stands == HM_ON_HELPER
                               ? "put it on a function `void f(T *)`"
                       : stand == HM_ON_PARAMETER ? "put it before the function"
                                                  : "remove it";
    hm_source_fault(source, place, name, mend, "%s stands on %s`%s`%s", kind->macro,
            where, name, why);
}

void hm_modifiers_check_stand(hm_source *source, const hm_modifiers *modifiers,
        unsigned stand, const char *name) {
    for (uint32_t i = 0; i < modifiers->count; i++) {
        if ((modifiers->kinds[i]->stands & stand) == 0) {
            check_stand(source, modifiers->kinds[i], modifiers->places[i], stand, name);
        }
    }
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

// It makes one of several nodes of the function, of the name that it gives first.
static bool is_expanding(const hm_modifier *modifier) {
    return strcmp(modifier->name, "parameterize") == 0 ||
           strcmp(modifier->name, "subdag_as") == 0;
}

// The last of those that would make fields more than once, or HM_NONE.
static uint32_t find_several(const hm_modifiers *modifiers) {
    uint32_t count = 0;
    uint32_t last = hm_modifiers_find(modifiers, "parameterize_from_config");
    for (uint32_t i = 0; i < modifiers->count && last == HM_NONE; i++) {
        count += is_expanding(&modifiers->items[i]);
        last = count > 1 ? i : HM_NONE;
    }
    return last;
}

static void check_expanders(
        hm_source *source, const hm_modifiers *modifiers, const char *name) {
    static const char *const expanders[] = {
            "inject", "parameterize", "parameterize_from_config"};
    uint32_t first = HM_NONE;
    for (size_t i = 0; i < sizeof expanders / sizeof *expanders; i++) {
        uint32_t found = hm_modifiers_find(modifiers, expanders[i]);
        if (found != HM_NONE && first != HM_NONE) {
            hm_source_fault(source, modifiers->places[found], name, "keep one of them",
                    "`%s` has %s and %s", name, modifiers->kinds[first]->macro,
                    modifiers->kinds[found]->macro);
        }
        first = found != HM_NONE ? found : first;
    }
}

static void check_expansion(
        hm_source *source, const hm_modifiers *modifiers, const char *name) {
    check_expanders(source, modifiers, name);
    for (uint32_t i = 0; i < modifiers->count; i++) {
        if (is_expanding(&modifiers->items[i])) {
            check_node_name(source, modifiers, i, name);
        }
    }
    uint32_t several = find_several(modifiers);
    if (several != HM_NONE &&
            hm_modifiers_find(modifiers, "extract_fields") != HM_NONE) {
        hm_source_fault(source, modifiers->places[several], name,
                "extract them in functions that take its nodes",
                "each %s of `%s` would make the fields of HM_EXTRACT_FIELDS anew",
                is_expanding(&modifiers->items[several])
                        ? modifiers->kinds[several]->macro
                        : "node",
                name);
    }
}

void hm_modifiers_check(
        hm_source *source, const hm_modifiers *modifiers, const char *name) {
    check_variant(source, modifiers, name);
    check_expansion(source, modifiers, name);
}
