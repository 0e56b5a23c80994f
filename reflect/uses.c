// uses.c — see uses.h.
//
// What is written is told from what is read by the conversions that clang puts around
// every value that is read (an unexposed expression to libclang):
//
//     counter = limit      BinaryOperator ├─ DeclRefExpr counter
//                                         └─ UnexposedExpr ── DeclRefExpr limit
//
// so it does not matter which operator it is, nor whether a macro hides it.

#include "reflect/uses.h"

#include <string.h>

static enum CXChildVisitResult take_first(
        CXCursor cursor, CXCursor parent, CXClientData data) {
    (void)parent;
    *(CXCursor *)data = cursor;
    return CXChildVisit_Break;
}

static CXCursor first_child(CXCursor cursor) {
    CXCursor child = clang_getNullCursor();
    clang_visitChildren(cursor, take_first, &child);
    return child;
}

static CXType type_of(CXCursor cursor) {
    return clang_getCanonicalType(clang_getCursorType(cursor));
}

// The array whose first element an expression points to, or a null cursor.
static CXCursor find_array(CXCursor pointer) {
    while (clang_getCursorKind(pointer) == CXCursor_ParenExpr ||
            clang_getCursorKind(pointer) == CXCursor_BinaryOperator) {
        pointer = first_child(pointer); // array + 1
    }
    CXCursor array = clang_getCursorKind(pointer) == CXCursor_UnexposedExpr
                             ? first_child(pointer)
                             : clang_getNullCursor();
    return type_of(array).kind == CXType_ConstantArray ? array : clang_getNullCursor();
}

// The variable that an expression is a part of, if it designates storage directly and
// not through a pointer; else a null cursor.
static CXCursor find_variable(CXCursor expression) {
    for (;;) {
        CXCursor inside = first_child(expression);
        switch (clang_getCursorKind(expression)) {
        case CXCursor_DeclRefExpr:
            return clang_getCursorReferenced(expression);
        case CXCursor_ParenExpr:
            expression = inside;
            break;
        case CXCursor_MemberRefExpr:
            expression = type_of(inside).kind == CXType_Pointer ? clang_getNullCursor()
                                                                : inside;
            break;
        case CXCursor_ArraySubscriptExpr:
        case CXCursor_UnaryOperator: // *array
            expression = find_array(inside);
            break;
        default:
            return clang_getNullCursor();
        }
    }
}

// Whether a variable lives on after the call.
static bool is_state(CXCursor variable) {
    return clang_getCursorKind(variable) == CXCursor_VarDecl &&
           (clang_getCursorLinkage(variable) != CXLinkage_NoLinkage ||
                   clang_Cursor_getStorageClass(variable) == CX_SC_Static);
}

// Whoever reads the variable may find another value each time.
static void mark_written(hm_entities *entities, CXCursor variable) {
    uint32_t entity = clang_getCursorLinkage(variable) != CXLinkage_NoLinkage
                              ? hm_entities_declaration(entities, variable)
                              : HM_NONE;
    if (entity != HM_NONE) {
        entities->items[entity].is_written = true;
    }
}

static void note_write(hm_entities *entities, uint32_t number, CXCursor operation) {
    CXCursor target = first_child(operation);
    // &x is a pointer to x, as ++x and x-- are not.
    if (clang_getCursorKind(operation) == CXCursor_UnaryOperator &&
            clang_equalTypes(
                    clang_getCanonicalType(clang_getPointeeType(type_of(operation))),
                    type_of(target))) {
        return;
    }
    CXCursor variable = find_variable(target);
    if (!is_state(variable)) {
        return;
    }
    mark_written(entities, variable);
    hm_source *source = entities->source;
    hm_entity *entity = &entities->items[number];
    const char *name = hm_source_text(source, clang_getCursorSpelling(variable));
    for (uint32_t i = 0; i < entity->write_count; i++) {
        if (strcmp(entity->writes[i].variable, name) == 0) {
            return;
        }
    }
    hm_state_write *writes =
            hm_source_grow(source, entity->writes, entity->write_count, sizeof *writes);
    if (writes != NULL) {
        entity->writes = writes;
        writes[entity->write_count++] = (hm_state_write){
                .variable = name,
                .place = hm_source_cursor_place(source, operation),
        };
    }
}

// What a reference stands for: a part counts as the whole.
static CXCursor find_whole(CXCursor declaration) {
    enum CXCursorKind kind = clang_getCursorKind(declaration);
    return kind == CXCursor_EnumConstantDecl || kind == CXCursor_FieldDecl
                   ? clang_getCursorSemanticParent(declaration)
                   : declaration;
}

static bool is_entity(CXCursor declaration) {
    switch (clang_getCursorKind(declaration)) {
    case CXCursor_FunctionDecl:
    case CXCursor_StructDecl:
    case CXCursor_UnionDecl:
    case CXCursor_EnumDecl:
    case CXCursor_TypedefDecl:
        return true;
    case CXCursor_VarDecl: // a local one is part of its function
        return clang_getCursorLinkage(declaration) != CXLinkage_NoLinkage;
    default:
        return false;
    }
}

typedef struct hm_use_reader {
    hm_entities *entities;
    uint32_t entity;
} hm_use_reader;

static bool is_constant(CXCursor variable) {
    CXType type = type_of(variable);
    while (type.kind == CXType_ConstantArray && !clang_isConstQualifiedType(type)) {
        type = clang_getArrayElementType(type);
    }
    return clang_isConstQualifiedType(type) != 0;
}

static void note_variable(hm_entities *entities, CXCursor variable) {
    entities->has_state =
            entities->has_state || (is_state(variable) && !is_constant(variable));
}

static enum CXChildVisitResult visit(
        CXCursor cursor, CXCursor parent, CXClientData data) {
    (void)parent;
    const hm_use_reader *reader = data;
    hm_entities *entities = reader->entities;
    switch (clang_getCursorKind(cursor)) {
    case CXCursor_DeclRefExpr:
    case CXCursor_MemberRefExpr:
    case CXCursor_MemberRef:
    case CXCursor_TypeRef: {
        CXCursor declaration = find_whole(clang_getCursorReferenced(cursor));
        if (is_entity(declaration)) {
            hm_entities_use(entities, reader->entity,
                    hm_entities_declaration(entities, declaration));
        }
        break;
    }
    case CXCursor_VarDecl: // a static local
        note_variable(entities, cursor);
        break;
    case CXCursor_BinaryOperator:
    case CXCursor_CompoundAssignOperator:
    case CXCursor_UnaryOperator:
        note_write(entities, reader->entity, cursor);
        break;
    default:
        break;
    }
    return entities->source->no_memory ? CXChildVisit_Break : CXChildVisit_Recurse;
}

void hm_uses_read(hm_entities *entities, uint32_t entity) {
    hm_use_reader reader = {.entities = entities, .entity = entity};
    note_variable(entities, entities->items[entity].cursor);
    clang_visitChildren(entities->items[entity].cursor, visit, &reader);
}
