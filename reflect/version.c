// version.c — see version.h. Entities that use each other in a circle share what they
// reach, so they are found as strongly connected components (Tarjan, SIAM J. Comput.
// 1972); that algorithm finishes a component after all that it uses, which makes one
// pass enough. A stack of our own takes the place of recursion, whose depth would be
// the user's.

#include "reflect/version.h"

#include <stdlib.h>
#include <string.h>

typedef struct hm_component_finder {
    hm_entities *entities;
    uint32_t *order;  // when an entity was found, from 1; 0 while it was not
    uint32_t *lowest; // the earliest order that it reaches on the path
    bool *is_open;    // on `open`
    uint32_t *open;   // found, and its component is not complete
    uint32_t open_count;
    uint32_t *path;      // from the root to the entity at work
    uint32_t *path_next; // which use of it comes next
    uint32_t path_count;
    uint32_t found;
    const char **texts; // for sorting
} hm_component_finder;

static int compare_texts(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// Adds texts in an order that does not depend on where they were found.
static void add_sorted(hm_digest *digest, const char **texts, size_t count) {
    if (count > 0) {
        qsort(texts, count, sizeof *texts, compare_texts);
    }
    hm_digest_add(digest, &count, sizeof count);
    for (size_t i = 0; i < count; i++) {
        hm_digest_add_text(digest, texts[i]);
    }
}

// The versions of what the members use outside of the component, gathered in texts.
static size_t gather_uses(
        hm_component_finder *finder, const uint32_t *members, uint32_t count) {
    const hm_entity *items = finder->entities->items;
    uint32_t first = finder->order[members[0]];
    size_t text_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        const hm_entity *entity = &items[members[i]];
        for (uint32_t k = 0; k < entity->use_count; k++) {
            uint32_t used = entity->uses[k];
            // Whatever is open and was found after the first member is one, too.
            if (!finder->is_open[used] || finder->order[used] < first) {
                finder->texts[text_count++] = items[used].version;
            }
        }
    }
    return text_count;
}

static uint32_t find_writer(
        hm_component_finder *finder, const uint32_t *members, uint32_t count) {
    const hm_entity *items = finder->entities->items;
    for (uint32_t i = 0; i < count; i++) {
        if (items[members[i]].write_count > 0) {
            return members[i];
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        const hm_entity *entity = &items[members[i]];
        for (uint32_t k = 0; k < entity->use_count; k++) {
            if (items[entity->uses[k]].writer != HM_NONE) {
                return items[entity->uses[k]].writer;
            }
        }
    }
    return HM_NONE;
}

static bool find_written(
        hm_component_finder *finder, const uint32_t *members, uint32_t count) {
    const hm_entity *items = finder->entities->items;
    bool found = false;
    for (uint32_t i = 0; i < count && !found; i++) {
        const hm_entity *entity = &items[members[i]];
        found = entity->is_written;
        for (uint32_t k = 0; k < entity->use_count && !found; k++) {
            found = items[entity->uses[k]].reaches_written;
        }
    }
    return found;
}

static bool finish_component(
        hm_component_finder *finder, const uint32_t *members, uint32_t count) {
    hm_entity *items = finder->entities->items;
    hm_digest *digest = hm_digest_create();
    if (digest == NULL) {
        return false;
    }
    size_t uses = gather_uses(finder, members, count);
    add_sorted(digest, finder->texts, uses);
    for (uint32_t i = 0; i < count; i++) {
        finder->texts[i] = items[members[i]].own;
    }
    add_sorted(digest, finder->texts, count);
    char shared[HM_DIGEST_SIZE];
    hm_digest_get(digest, shared);
    hm_digest_destroy(digest);
    uint32_t writer = find_writer(finder, members, count);
    bool reaches_written = find_written(finder, members, count);
    for (uint32_t i = 0; i < count; i++) {
        hm_entity *entity = &items[members[i]];
        memcpy(entity->version, shared, sizeof shared);
        entity->writer = entity->write_count > 0 ? members[i] : writer;
        entity->reaches_written = reaches_written;
        finder->is_open[members[i]] = false;
    }
    return true;
}

static void enter(hm_component_finder *finder, uint32_t entity) {
    finder->order[entity] = ++finder->found;
    finder->lowest[entity] = finder->found;
    finder->is_open[entity] = true;
    finder->open[finder->open_count++] = entity;
    finder->path[finder->path_count] = entity;
    finder->path_next[finder->path_count++] = 0;
}

static void lower(uint32_t *lowest, uint32_t to) {
    if (to < *lowest) {
        *lowest = to;
    }
}

// Takes the entity at the end of the path off it.
static bool leave(hm_component_finder *finder) {
    uint32_t entity = finder->path[--finder->path_count];
    if (finder->path_count > 0) {
        lower(&finder->lowest[finder->path[finder->path_count - 1]],
                finder->lowest[entity]);
    }
    if (finder->lowest[entity] != finder->order[entity]) {
        return true;
    }
    uint32_t first = finder->open_count;
    do {
        first--;
    } while (finder->open[first] != entity);
    uint32_t count = finder->open_count - first;
    finder->open_count = first;
    return finish_component(finder, &finder->open[first], count);
}

static bool search(hm_component_finder *finder, uint32_t root) {
    enter(finder, root);
    while (finder->path_count > 0) {
        uint32_t last = finder->path_count - 1;
        uint32_t entity = finder->path[last];
        const hm_entity *item = &finder->entities->items[entity];
        if (finder->path_next[last] == item->use_count) {
            if (!leave(finder)) {
                return false;
            }
            continue;
        }
        uint32_t used = item->uses[finder->path_next[last]++];
        if (finder->order[used] == 0) {
            enter(finder, used);
        } else if (finder->is_open[used]) {
            lower(&finder->lowest[entity], finder->order[used]);
        }
    }
    return true;
}

static size_t count_uses(const hm_entities *entities) {
    size_t count = entities->count;
    for (uint32_t i = 0; i < entities->count; i++) {
        count += entities->items[i].use_count;
    }
    return count;
}

bool hm_version_compute(hm_entities *entities) {
    hm_source *source = entities->source;
    size_t count = entities->count;
    hm_component_finder finder = {
            .entities = entities,
            .order = hm_source_array(source, count, sizeof(uint32_t)),
            .lowest = hm_source_array(source, count, sizeof(uint32_t)),
            .is_open = hm_source_array(source, count, sizeof(bool)),
            .open = hm_source_array(source, count, sizeof(uint32_t)),
            .path = hm_source_array(source, count, sizeof(uint32_t)),
            .path_next = hm_source_array(source, count, sizeof(uint32_t)),
            .texts =
                    hm_source_array(source, count_uses(entities), sizeof(const char *)),
    };
    if (source->no_memory) {
        return false;
    }
    for (uint32_t i = 0; i < entities->count; i++) {
        if (finder.order[i] == 0 && !search(&finder, i)) {
            return false;
        }
    }
    return true;
}
