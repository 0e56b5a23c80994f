// entities.h — the declarations and macros that functions use, and which uses which.
//
//     spend_mean ──▶ static sum ──▶ macro SQUARE
//         └────────▶ struct total ──▶ typedef money
//
// What system headers declare is left out: its names stand in the tokens of who uses
// it.

#ifndef HM_REFLECT_ENTITIES_H
#define HM_REFLECT_ENTITIES_H

#include <clang-c/Index.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "reflect/declared.h"
#include "reflect/macros.h"
#include "reflect/source.h"

// A variable that outlives the call, and where it is written.
typedef struct hm_state_write {
    const char *variable;
    hm_place place;
} hm_state_write;

typedef struct hm_entity {
    CXCursor cursor; // the definition, or else the first declaration; null for a macro
    uint32_t macro;  // index, or HM_NONE
    const char *name;
    uint32_t *uses; // entities, each once
    uint32_t use_count;
    uint32_t last_user;     // the last entity that was noted as using this one
    hm_state_write *writes; // a variable each
    uint32_t write_count;
    bool is_written;          // a variable that some function writes
    char own[HM_DIGEST_SIZE]; // of its tokens

    // Follow from the whole graph, see version.h.
    char version[HM_DIGEST_SIZE];
    uint32_t writer; // an entity that it reaches, itself first, and that writes; or
                     // HM_NONE
    bool reaches_written; // itself, or something that it uses, is_written
} hm_entity;

typedef struct hm_entities {
    hm_source *source;
    const hm_macros *macros;
    const hm_declared *declared;
    hm_entity *items;
    uint32_t count;
    uint32_t *slots; // a hash table by cursor: the entity + 1, or 0
    uint32_t slot_count;
    uint32_t *of_macro; // the entity + 1 of each macro, or 0
    uint8_t *positions; // by macro, see position.c; NULL before somebody asks
    bool has_texts;     // a macro makes text of its arguments; once texts_known
    bool texts_known;
    bool has_state; // an entity is, or has, a variable that lives on and is not
                    // constant
} hm_entities;

void hm_entities_init(hm_entities *entities, hm_source *source, const hm_macros *macros,
        const hm_declared *declared);

// The entity of a declaration, or HM_NONE if it is the system's or memory ran out.
uint32_t hm_entities_declaration(hm_entities *entities, CXCursor cursor);

// The entity of a macro that is the user's.
uint32_t hm_entities_macro(hm_entities *entities, uint32_t macro);

// Notes that one entity uses another, which may be HM_NONE. All uses of an entity are
// noted before those of the next.
void hm_entities_use(hm_entities *entities, uint32_t user, uint32_t used);

#endif
