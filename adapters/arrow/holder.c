// holder.c — see holder.h.

#include "adapters/arrow/holder.h"

#include "base/allocator.h"

hm_arrow_holder *hm_arrow_holder_create(
        const hm_allocator *allocator, hm_arrow_holder *below) {
    hm_arrow_holder *holder = hm_allocate_array(allocator, 1, sizeof *holder);
    if (holder == NULL) {
        return NULL;
    }
    hm_arena_init(&holder->arena, allocator);
    atomic_init(&holder->users, 0);
    holder->below = below;
    if (below != NULL) {
        hm_arrow_holder_share(below);
    }
    return holder;
}

void hm_arrow_holder_destroy(hm_arrow_holder *holder) {
    if (holder == NULL) {
        return;
    }
    for (size_t i = 0; i < holder->value_count; i++) {
        hm_value_release(&holder->values[i]);
    }
    const hm_allocator *allocator = holder->arena.allocator;
    hm_arrow_holder *below = holder->below;
    hm_arena_finish(&holder->arena);
    hm_deallocate_array(allocator, holder, 1, sizeof *holder);
    if (below != NULL) {
        hm_arrow_holder_leave(below);
    }
}

void hm_arrow_holder_share(hm_arrow_holder *holder) {
    atomic_fetch_add_explicit(&holder->users, 1, memory_order_relaxed);
}

void hm_arrow_holder_leave(hm_arrow_holder *holder) {
    // Acquire and release: the last one comes after whatever the others did with it.
    if (atomic_fetch_sub_explicit(&holder->users, 1, memory_order_acq_rel) == 1) {
        hm_arrow_holder_destroy(holder);
    }
}

// A child that was moved out has no release. This struct may lie in the holder itself,
// which leaving it frees.
static void release_schema(struct ArrowSchema *schema) {
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (schema->children[i]->release != NULL) {
            schema->children[i]->release(schema->children[i]);
        }
    }
    schema->release = NULL;
    hm_arrow_holder_leave(schema->private_data);
}

static void release_array(struct ArrowArray *array) {
    for (int64_t i = 0; i < array->n_children; i++) {
        if (array->children[i]->release != NULL) {
            array->children[i]->release(array->children[i]);
        }
    }
    array->release = NULL;
    hm_arrow_holder_leave(array->private_data);
}

void hm_arrow_hold_schema(hm_arrow_holder *holder, struct ArrowSchema *schema) {
    schema->release = release_schema;
    schema->private_data = holder;
    hm_arrow_holder_share(holder);
}

void hm_arrow_hold_array(hm_arrow_holder *holder, struct ArrowArray *array) {
    array->release = release_array;
    array->private_data = holder;
    hm_arrow_holder_share(holder);
}

struct ArrowSchema **hm_arrow_holder_schemas(hm_arrow_holder *holder, size_t count) {
    struct ArrowSchema **children =
            hm_arena_array(&holder->arena, count, sizeof *children);
    struct ArrowSchema *schemas =
            hm_arena_array(&holder->arena, count, sizeof *schemas);
    if (children == NULL || schemas == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        children[i] = &schemas[i];
    }
    return children;
}

struct ArrowArray **hm_arrow_holder_arrays(hm_arrow_holder *holder, size_t count) {
    struct ArrowArray **children =
            hm_arena_array(&holder->arena, count, sizeof *children);
    struct ArrowArray *arrays = hm_arena_array(&holder->arena, count, sizeof *arrays);
    if (children == NULL || arrays == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        children[i] = &arrays[i];
    }
    return children;
}
