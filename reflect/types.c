// types.c — see types.h. The fields of structs are described from a queue, not by
// recursion: how deep structs lie in structs is the user's choice.

#include "reflect/types.h"

#include <string.h>

#include "base/names.h"

void hm_types_init(hm_types *types, hm_source *source) {
    *types = (hm_types){.source = source};
    hm_names_init(&types->names, source->arena.allocator);
}

void hm_types_finish(hm_types *types) {
    hm_names_finish(&types->names);
}

static bool is_character(CXType type) {
    return type.kind == CXType_Char_S || type.kind == CXType_Char_U;
}

static bool is_string(CXType type) {
    CXType pointee = clang_getCanonicalType(clang_getPointeeType(type));
    return type.kind == CXType_Pointer && is_character(pointee) &&
           clang_isConstQualifiedType(pointee);
}

static hm_kind kind_of_enum(CXType type) {
    CXType integer = clang_getCanonicalType(
            clang_getEnumDeclIntegerType(clang_getTypeDeclaration(type)));
    switch (integer.kind) {
    case CXType_UChar:
    case CXType_UShort:
    case CXType_UInt:
    case CXType_ULong:
    case CXType_ULongLong:
        return HM_KIND_UINT;
    default:
        return HM_KIND_INT;
    }
}

static hm_kind kind_of(CXType type) {
    switch (type.kind) {
    case CXType_Bool:
        return HM_KIND_BOOL;
    case CXType_Char_S:
    case CXType_Char_U:
    case CXType_SChar:
    case CXType_Short:
    case CXType_Int:
    case CXType_Long:
    case CXType_LongLong:
        return HM_KIND_INT;
    case CXType_UChar:
    case CXType_UShort:
    case CXType_UInt:
    case CXType_ULong:
    case CXType_ULongLong:
        return HM_KIND_UINT;
    case CXType_Float:
    case CXType_Double:
    case CXType_LongDouble:
        return HM_KIND_FLOAT;
    case CXType_Enum:
        return kind_of_enum(type);
    case CXType_Record:
        return clang_getTypeDeclaration(type).kind == CXCursor_StructDecl &&
                               clang_Type_getSizeOf(type) >= 0
                       ? HM_KIND_STRUCT
                       : HM_KIND_OPAQUE;
    default:
        return is_string(type) ? HM_KIND_STRING : HM_KIND_OPAQUE;
    }
}

static const char string_name[] = "const char *";

static CXType without_qualifiers(CXType type) {
    type = clang_getCanonicalType(type);
    if (type.kind != CXType_Record && type.kind != CXType_Enum) {
        return type;
    }
    return clang_getCanonicalType(clang_getCursorType(clang_getTypeDeclaration(type)));
}

// What clang spells, without the qualifiers that may stand before it.
static const char *spell(hm_types *types, CXType type) {
    const char *name = hm_source_text(types->source, clang_getTypeSpelling(type));
    static const char *const qualifiers[] = {"const ", "volatile "};
    if (type.kind == CXType_Pointer) {
        return name; // those before it are the pointee's
    }
    for (size_t i = 0; i < 2; i++) {
        size_t length = strlen(qualifiers[i]);
        if (strncmp(name, qualifiers[i], length) == 0) {
            name += length;
        }
    }
    return name;
}

static uint32_t size_or_zero(long long size) {
    return size > 0 && size <= UINT32_MAX ? (uint32_t)size : 0;
}

// The type of a name; a new one if *is_new becomes true. NULL if memory ran out.
static hm_model_type *put(hm_types *types, const char *name, bool *is_new) {
    uint32_t *number = hm_names_put(&types->names, name);
    if (number == NULL) {
        types->source->no_memory = true;
        return NULL;
    }
    *is_new = *number == HM_NAMES_ABSENT;
    if (!*is_new) {
        return types->items[*number];
    }
    hm_model_type **items = hm_source_grow(
            types->source, types->items, types->count, sizeof(hm_model_type *));
    hm_model_type *item = hm_source_array(types->source, 1, sizeof *item);
    if (items == NULL || item == NULL) {
        return NULL;
    }
    *number = types->count;
    item->number = types->count;
    types->items = items;
    items[types->count++] = item;
    return item;
}

hm_model_type *hm_types_string(hm_types *types) {
    bool is_new;
    hm_model_type *item = put(types, string_name, &is_new);
    if (item != NULL && is_new) {
        item->type = (hm_type){.name = string_name,
                .kind = HM_KIND_STRING,
                .size = sizeof(const char *),
                .alignment = _Alignof(const char *)};
        item->spelling = string_name;
        item->holds_pointers = true;
        item->clang.kind = CXType_Invalid;
    }
    return item;
}

hm_model_type *hm_types_time(hm_types *types, hm_time_unit unit) {
    static const hm_type *const known[] = {
#define X(word, constant) [constant] = &hm_type_time_##word,
            HM_TIME_TYPE_LIST(X)
#undef X
    };
    bool is_new;
    hm_model_type *item = put(types, known[unit]->name, &is_new);
    if (item != NULL && is_new) {
        item->type = *known[unit];
        item->spelling = sizeof(long) == sizeof(int64_t) ? "long" : "long long";
        item->clang.kind = CXType_Invalid;
    }
    return item;
}

// `shown` names an unnamed struct; NULL else.
static hm_model_type *get(hm_types *types, CXType type, const char *shown) {
    type = without_qualifiers(type);
    hm_kind kind = kind_of(type);
    if (kind == HM_KIND_STRING) {
        return hm_types_string(types);
    }
    const char *name = kind == HM_KIND_BOOL ? "bool" : spell(types, type);
    bool is_new;
    // Not by the name that is shown: the source may have a `bool` of its own.
    hm_model_type *item = put(types, kind == HM_KIND_BOOL ? "_Bool" : name, &is_new);
    if (item == NULL || !is_new) {
        return item;
    }
    bool is_unnamed = strstr(name, " at ") != NULL;
    item->type = (hm_type){
            .name = is_unnamed && shown != NULL ? shown : name,
            .kind = kind,
            .size = size_or_zero(clang_Type_getSizeOf(type)),
            .alignment = size_or_zero(clang_Type_getAlignOf(type)),
    };
    item->spelling = is_unnamed ? NULL : kind == HM_KIND_BOOL ? "_Bool" : name;
    item->holds_pointers = type.kind == CXType_Pointer;
    item->clang = type;
    return item;
}

typedef struct hm_field_reader {
    hm_types *types;
    hm_model_type *owner;
    uint64_t base; // bits before the record that is visited
    hm_field *fields;
    size_t count;
} hm_field_reader;

static enum CXVisitorResult read_field(CXCursor cursor, CXClientData data);

// The members of an unnamed struct member are members of the struct itself. Recursion
// is as deep as braces are, which the parser limits to 256.
static void read_unnamed(hm_field_reader *reader, CXCursor cursor, uint64_t offset) {
    CXType type = without_qualifiers(clang_getCursorType(cursor));
    if (clang_getTypeDeclaration(type).kind != CXCursor_StructDecl) {
        // A union's bytes have no one meaning: they are stored, not shown.
        reader->owner->holds_pointers = true;
        reader->owner->type.has_hidden = true;
        return;
    }
    uint64_t base = reader->base;
    reader->base = offset;
    clang_Type_visitFields(type, read_field, reader);
    reader->base = base;
}

static size_t count_elements(CXType *type) {
    size_t count = 1;
    *type = clang_getCanonicalType(*type);
    while (type->kind == CXType_ConstantArray) {
        count *= (size_t)clang_getArraySize(*type);
        *type = clang_getCanonicalType(clang_getArrayElementType(*type));
    }
    return count;
}

static enum CXVisitorResult read_field(CXCursor cursor, CXClientData data) {
    hm_field_reader *reader = data;
    hm_source *source = reader->types->source;
    const char *name = hm_source_text(source, clang_getCursorSpelling(cursor));
    long long relative = clang_Cursor_getOffsetOfField(cursor);
    uint64_t offset = reader->base + (uint64_t)(relative > 0 ? relative : 0);
    bool is_bit_field = clang_Cursor_isBitField(cursor) != 0;
    if (name[0] == '\0' || strchr(name, ' ') != NULL) {
        if (!is_bit_field) {
            read_unnamed(reader, cursor, offset);
        }
        return CXVisit_Continue;
    }
    CXType type = clang_getCursorType(cursor);
    size_t length = count_elements(&type);
    bool is_array = clang_getCanonicalType(clang_getCursorType(cursor)).kind ==
                    CXType_ConstantArray;
    hm_model_type *described = get(reader->types, type,
            hm_source_format(source, "%s.%s", reader->owner->type.name, name));
    hm_field *fields =
            hm_source_grow(source, reader->fields, reader->count, sizeof *fields);
    if (described == NULL || fields == NULL) {
        return CXVisit_Break;
    }
    reader->fields = fields;
    fields[reader->count++] = (hm_field){
            .name = name,
            .type = &described->type,
            .offset = offset / 8,
            .length = is_array ? length : 0,
            .bit_offset = (uint16_t)(is_bit_field ? offset % 8 : 0),
            .bit_width =
                    (uint16_t)(is_bit_field ? clang_getFieldDeclBitWidth(cursor) : 0),
    };
    return CXVisit_Continue;
}

hm_model_type *hm_types_get(hm_types *types, CXType type) {
    hm_model_type *item = get(types, type, NULL);
    for (; types->described < types->count; types->described++) {
        hm_model_type *owner = types->items[types->described];
        if (owner->type.kind != HM_KIND_STRUCT) {
            continue;
        }
        hm_field_reader reader = {.types = types, .owner = owner};
        clang_Type_visitFields(owner->clang, read_field, &reader);
        owner->type.fields = reader.fields;
        owner->type.field_count = reader.count;
    }
    return item;
}

// True if something changed.
static bool trace_fields(hm_model_type *owner) {
    for (size_t i = 0; i < owner->type.field_count && !owner->holds_pointers; i++) {
        const hm_model_type *field = (const hm_model_type *)owner->type.fields[i].type;
        if (field->holds_pointers || field->type.kind == HM_KIND_OPAQUE) {
            owner->holds_pointers = true;
            return true;
        }
    }
    return false;
}

void hm_types_trace_pointers(hm_types *types) {
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t i = 0; i < types->count; i++) {
            changed = trace_fields(types->items[i]) || changed;
        }
    }
}
