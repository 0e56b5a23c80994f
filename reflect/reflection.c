// reflection.c — a reflection and its texts are one arena.

#include "reflect/reflection.h"

#include "base/allocator.h"
#include "base/arena.h"

typedef struct hm_owned_reflection {
    hm_reflection public; // first: the caller's pointer is to this
    hm_arena arena;
} hm_owned_reflection;

static const char *const *copy_texts(
        hm_arena *arena, const char *const *texts, size_t count) {
    const char **copies = hm_arena_array(arena, count, sizeof *copies);
    for (size_t i = 0; i < count && copies != NULL; i++) {
        copies[i] = hm_arena_text(arena, texts[i]);
        if (copies[i] == NULL) {
            return NULL;
        }
    }
    return copies;
}

hm_status hm_reflection_copy(const hm_reflection *reflection, hm_reflection **copy) {
    const hm_allocator *allocator = hm_allocator_default();
    hm_owned_reflection *owned = hm_allocate_array(allocator, 1, sizeof *owned);
    if (owned == NULL) {
        return HM_NO_MEMORY;
    }
    hm_arena *arena = &owned->arena;
    hm_arena_init(arena, allocator);
    owned->public = (hm_reflection){
            .name = hm_arena_text(arena, reflection->name),
            .text = hm_arena_text(arena, reflection->text),
            .part_count = reflection->part_count,
            .files = copy_texts(arena, reflection->files, reflection->file_count),
            .file_count = reflection->file_count,
            .absent = copy_texts(arena, reflection->absent, reflection->absent_count),
            .absent_count = reflection->absent_count,
            .functions = copy_texts(
                    arena, reflection->functions, reflection->function_count),
            .function_count = reflection->function_count,
    };
    if (owned->public.name == NULL || owned->public.text == NULL ||
            owned->public.files == NULL || owned->public.absent == NULL ||
            owned->public.functions == NULL) {
        hm_reflection_destroy(&owned->public);
        return HM_NO_MEMORY;
    }
    *copy = &owned->public;
    return HM_OK;
}

void hm_reflection_destroy(hm_reflection *reflection) {
    if (reflection == NULL) {
        return;
    }
    hm_owned_reflection *owned = (hm_owned_reflection *)(void *)reflection;
    const hm_allocator *allocator = owned->arena.allocator;
    hm_arena_finish(&owned->arena);
    hm_deallocate_array(allocator, owned, 1, sizeof *owned);
}
