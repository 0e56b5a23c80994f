// switch.c — see switch.h.

#include "graph/switch.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <hamilton/node.h>

#include "base/bindings.h"
#include "base/element.h"
#include "base/error.h"
#include "base/literal.h"
#include "base/text.h"

struct hm_switch {
    const char *name; // of the parameter that chooses
    const hm_type *type;
    uint32_t chooser; // its index; the branches are the others, in their order
    uint32_t branch_count;
    uint32_t output;          // the operand behind all parameters
    uint32_t size;            // bytes of a branch's slot
    const char *const *texts; // by branch: what chooses it, or
    const uint64_t *numbers;  // the same of integers, their low bytes
    bool is_numbered;         // numbers[i] is i
};

static uint32_t parameter_of(const hm_switch *choosing, uint32_t branch) {
    return branch + (branch >= choosing->chooser);
}

static uint32_t choose_by_text(const hm_switch *choosing, const void *value) {
    const char *text;
    memcpy(&text, value, sizeof text);
    for (uint32_t i = 0; text != NULL && i < choosing->branch_count; i++) {
        if (strcmp(choosing->texts[i], text) == 0) {
            return parameter_of(choosing, i);
        }
    }
    return HM_NONE;
}

static uint32_t choose_by_number(const hm_switch *choosing, uint64_t number) {
    uint32_t branch = 0;
    if (choosing->is_numbered) {
        return number < choosing->branch_count
                       ? parameter_of(choosing, (uint32_t)number)
                       : HM_NONE;
    }
    while (branch < choosing->branch_count && choosing->numbers[branch] != number) {
        branch++;
    }
    return branch < choosing->branch_count ? parameter_of(choosing, branch) : HM_NONE;
}

uint32_t hm_switch_choose(const hm_switch *choosing, const void *value) {
    if (choosing->texts != NULL) {
        return choose_by_text(choosing, value);
    }
    return choose_by_number(choosing, hm_element_uint(choosing->type, value));
}

uint32_t hm_switch_chooser(const hm_switch *choosing) {
    return choosing->chooser;
}

// Behind what is written at `end`; what does not fit is left out.
static size_t append(char *text, size_t size, size_t end, const char *piece) {
    int length = snprintf(text + end, size - end, "%s", piece);
    return end + (size_t)length < size ? end + (size_t)length : size - 1;
}

static size_t append_number(const hm_switch *choosing, char *text, size_t size,
        size_t end, const void *element) {
    char number[32];
    if (choosing->type->kind == HM_KIND_BOOL) {
        return append(text, size, end,
                hm_element_uint(choosing->type, element) != 0 ? "true" : "false");
    }
    if (choosing->type->kind == HM_KIND_INT) {
        snprintf(number, sizeof number, "%" PRId64,
                hm_element_int(choosing->type, element));
    } else {
        snprintf(number, sizeof number, "%" PRIu64,
                hm_element_uint(choosing->type, element));
    }
    return append(text, size, end, number);
}

static size_t append_text(char *text, size_t size, size_t end, const char *shown) {
    enum { LONGEST = 40 };
    char quoted[LONGEST + 8];
    snprintf(quoted, sizeof quoted, "\"%.*s%s\"", LONGEST, shown,
            strlen(shown) > LONGEST ? "..." : "");
    return append(text, size, end, quoted);
}

// "0, 1 or 2"; of many choices, the first.
static void list_choices(const hm_switch *choosing, char *list, size_t size) {
    enum { NAMED = 6 };
    uint32_t count = choosing->branch_count;
    uint32_t named = count > NAMED ? NAMED : count;
    size_t end = 0;
    for (uint32_t i = 0; i < named; i++) {
        bool is_last = i + 1 == count;
        end = append(list, size, end, i == 0 ? "" : is_last ? " or " : ", ");
        if (choosing->texts != NULL) {
            end = append_text(list, size, end, choosing->texts[i]);
        } else {
            uint64_t element = 0;
            hm_element_store(&element, choosing->type->size, choosing->numbers[i]);
            end = append_number(choosing, list, size, end, &element);
        }
    }
    append(list, size, end, named < count ? ", ..." : "");
}

static int refuse(const hm_switch *choosing, const void *value) {
    char shown[64] = "NULL";
    char list[192] = "";
    if (choosing->texts == NULL) {
        append_number(choosing, shown, sizeof shown, 0, value);
    } else {
        const char *text;
        memcpy(&text, value, sizeof text);
        if (text != NULL) {
            append_text(shown, sizeof shown, 0, text);
        }
    }
    list_choices(choosing, list, sizeof list);
    return hm_fail("`%s` is %s, but it can only be %s", choosing->name, shown, list);
}

static int call_switch(void *frame, const uint32_t *at, void *self) {
    const hm_switch *choosing = self;
    char *slots = frame;
    const void *value = slots + at[choosing->chooser];
    uint32_t taken = hm_switch_choose(choosing, value);
    if (taken == HM_NONE) {
        return refuse(choosing, value);
    }
    memcpy(slots + at[choosing->output], slots + at[taken], choosing->size);
    return 0;
}

// All rows take one branch.
static void copy_rows(const hm_lane *from, char *to, size_t count, size_t size) {
    if (from->stride == 1) {
        memcpy(to, from->data, count * size);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        memcpy(to + i * size, from->data, size);
    }
}

static int map_switch(const hm_lane *lanes, size_t count, size_t *row, void *self) {
    const hm_switch *choosing = self;
    const hm_lane *chooser = &lanes[choosing->chooser];
    const char *values = chooser->data;
    size_t step = chooser->stride * choosing->type->size;
    char *to = lanes[choosing->output].data;
    size_t size = choosing->size;
    for (size_t i = 0; i < count; i++) {
        uint32_t taken = hm_switch_choose(choosing, values + i * step);
        if (taken == HM_NONE) {
            *row = i;
            return refuse(choosing, values + i * step);
        }
        const hm_lane *branch = &lanes[taken];
        if (step == 0) {
            copy_rows(branch, to, count, size);
            return 0;
        }
        memcpy(to + i * size, (const char *)branch->data + i * branch->stride * size,
                size);
    }
    return 0;
}

// What chooses each branch, out of the literals.
static hm_status list_values(
        hm_arena *arena, const hm_choice *choice, hm_switch *choosing) {
    uint32_t count = choosing->branch_count;
    bool is_text = choosing->type->kind == HM_KIND_STRING;
    const char **texts = is_text ? hm_arena_array(arena, count, sizeof *texts) : NULL;
    uint64_t *numbers = is_text ? NULL : hm_arena_array(arena, count, sizeof *numbers);
    if (texts == NULL && numbers == NULL) {
        return HM_NO_MEMORY;
    }
    choosing->texts = texts;
    choosing->numbers = numbers;
    choosing->is_numbered = !is_text;
    for (uint32_t i = 0; i < count; i++) {
        hm_argument value = hm_choice_value(choice, i);
        uint64_t element = 0;
        hm_literal_store(
                &value, choosing->type, is_text ? (void *)&texts[i] : &element);
        if (!is_text) {
            numbers[i] = hm_element_uint(choosing->type, &element);
            choosing->is_numbered = choosing->is_numbered && numbers[i] == i;
        }
    }
    return HM_OK;
}

hm_status hm_switch_describe(
        hm_arena *arena, const hm_choice *choice, hm_function *function) {
    hm_switch *choosing = hm_arena_array(arena, 1, sizeof *choosing);
    if (choosing == NULL) {
        return HM_NO_MEMORY;
    }
    uint32_t chooser = hm_choice_parameter(choice);
    *choosing = (hm_switch){.name = choice->parameters[chooser].name,
            .type = choice->parameters[chooser].type,
            .chooser = chooser,
            .branch_count = (uint32_t)choice->parameter_count - 1,
            .output = (uint32_t)choice->parameter_count,
            .size = hm_bound_size_of_output(&choice->outputs[0]).bytes};
    HM_TRY(list_values(arena, choice, choosing));
    function->call = call_switch;
    function->map = map_switch;
    function->self = choosing;
    function->flags |= HM_FUNCTION_FALLIBLE;
    return HM_OK;
}

const hm_switch *hm_switch_of(const hm_function *function) {
    return function->call == call_switch ? function->self : NULL;
}
