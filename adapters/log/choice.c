// choice.c — see choice.h.

#include "adapters/log/choice.h"

#include <string.h>

#include "base/error.h"

static hm_status read_tag(hm_choices *choices, const char *said, hm_chosen *chosen) {
    const char *equals = strchr(said, '=');
    size_t length = equals != NULL ? (size_t)(equals - said) : strlen(said);
    chosen->key = hm_arena_slice(&choices->arena, said, length);
    chosen->value = equals != NULL ? hm_arena_text(&choices->arena, equals + 1) : NULL;
    bool is_read = chosen->key != NULL && (equals == NULL || chosen->value != NULL);
    return is_read ? HM_OK : HM_NO_MEMORY;
}

hm_status hm_choices_init(hm_choices *choices, const hm_allocator *allocator,
        const char *const *said, size_t count, hm_error *error) {
    *choices = (hm_choices){.count = 0};
    hm_arena_init(&choices->arena, allocator);
    choices->items = hm_arena_array(&choices->arena, count, sizeof *choices->items);
    hm_status status = choices->items != NULL ? HM_OK : HM_NO_MEMORY;
    for (size_t i = 0; i < count && status == HM_OK; i++) {
        bool is_tag = said != NULL && said[i] != NULL && said[i][0] == '@';
        if (said == NULL || said[i] == NULL || said[i][is_tag] == '\0') {
            return hm_error_set(error, HM_BAD_ARGUMENT,
                    "node %zu has no name; it is `name`, `@key` or `@key=value`", i);
        }
        if (is_tag) {
            status = read_tag(choices, said[i] + 1, &choices->items[i]);
        } else {
            choices->items[i].name = hm_arena_text(&choices->arena, said[i]);
            status = choices->items[i].name != NULL ? HM_OK : HM_NO_MEMORY;
        }
        choices->count = i + 1;
    }
    return status == HM_OK ? HM_OK : hm_error_no_memory(error);
}

void hm_choices_finish(hm_choices *choices) {
    hm_arena_finish(&choices->arena);
}

static bool is_tagged(const hm_graph *graph, const char *key) {
    for (uint32_t n = 0; n < hm_graph_node_count(graph); n++) {
        hm_node node = hm_graph_describe(graph, n);
        for (uint32_t t = 0; t < node.tag_count; t++) {
            if (strcmp(node.tags[t].key, key) == 0) {
                return true;
            }
        }
    }
    return false;
}

hm_status hm_choices_check(
        const hm_choices *choices, const hm_graph *graph, hm_error *error) {
    for (size_t i = 0; i < choices->count; i++) {
        const char *name = choices->items[i].name;
        const char *key = choices->items[i].key;
        if (name == NULL && !is_tagged(graph, key)) {
            return hm_error_set(error, HM_UNKNOWN_NAME, "no node has a tag `%s`", key);
        }
        if (name == NULL || hm_graph_find(graph, name) != HM_NONE) {
            continue;
        }
        const char *near = hm_graph_nearest(graph, name);
        return hm_error_set(error, HM_UNKNOWN_NAME, "`%s` is no node%s%s%s", name,
                near != NULL ? "; did you mean `" : "", near != NULL ? near : "",
                near != NULL ? "`?" : "");
    }
    return HM_OK;
}

static bool has_tag(const hm_planned_node *node, const hm_chosen *chosen) {
    for (uint32_t t = 0; t < node->tag_count; t++) {
        const hm_tag *tag = &node->tags[t];
        if (strcmp(tag->key, chosen->key) != 0) {
            continue;
        }
        for (size_t v = 0; chosen->value != NULL && v < tag->value_count; v++) {
            if (tag->values[v].text != NULL &&
                    strcmp(tag->values[v].text, chosen->value) == 0) {
                return true;
            }
        }
        return chosen->value == NULL;
    }
    return false;
}

static bool makes(const hm_planned_node *node, uint32_t named) {
    for (size_t o = 0; o < node->function->output_count; o++) {
        if (node->results[o] == named) {
            return true;
        }
    }
    return false;
}

bool hm_choices_have(
        const hm_choices *choices, const hm_graph *graph, const hm_planned_node *node) {
    for (size_t i = 0; i < choices->count; i++) {
        const hm_chosen *chosen = &choices->items[i];
        bool fits = chosen->name != NULL
                            ? makes(node, hm_graph_find(graph, chosen->name))
                            : has_tag(node, chosen);
        if (fits) {
            return true;
        }
    }
    return choices->count == 0;
}
