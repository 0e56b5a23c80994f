// order.c — dependencies first. A depth-first walk from each definition in turn, with a
// stack of our own: definitions that already stand in a possible order keep it. A
// dependency that is still on the stack closes a circle.

#include "base/error.h"
#include "base/text.h"
#include "graph/build.h"

enum {
    REPORTED_CIRCLES = 20, // then their number alone
    REPORTED_NAMES = 40,   // of one circle, then those at its ends alone
};

typedef enum hm_walk_state {
    HM_NOT_SEEN,
    HM_ON_STACK,
    HM_DONE,
} hm_walk_state;

typedef struct hm_visit {
    uint32_t state;
    uint32_t next_parameter;
    uint32_t place;   // on the stack
    uint32_t told_of; // the definition whose circle through this one was told last
} hm_visit;

typedef struct hm_walk {
    hm_build *build;
    hm_visit *visits; // an element per definition
    uint32_t *stack;  // each needs the next
    uint32_t depth;
    size_t circle_count;
} hm_walk;

// The name by which the definition at this place of the stack needs the next one, or,
// at the top, the one that closes the circle.
static const char *needed_name(const hm_walk *walk, uint32_t place) {
    const hm_build *build = walk->build;
    uint32_t index = walk->stack[place];
    uint32_t parameter = walk->visits[index].next_parameter - 1;
    uint32_t argument = build->definitions.items[index].first_argument + parameter;
    return build->names[build->argument_names[argument]].text;
}

// A circle on the stack, told in the direction of the data and from the definition that
// stands first in the modules.
typedef struct hm_circle {
    const hm_walk *walk;
    uint32_t first; // place on the stack
    uint32_t length;
    uint32_t start; // place of the one to begin with
} hm_circle;

static uint32_t place_of(const hm_circle *circle, uint32_t step) {
    uint32_t from_first = circle->start - circle->first;
    uint32_t back = step % circle->length;
    return circle->first + (from_first + circle->length - back) % circle->length;
}

static const char *name_of(const hm_circle *circle, uint32_t step) {
    uint32_t place = place_of(circle, step);
    uint32_t needs_it =
            place > circle->first ? place - 1 : circle->first + circle->length - 1;
    return needed_name(circle->walk, needs_it);
}

static const hm_function *function_of(const hm_circle *circle, uint32_t step) {
    const hm_walk *walk = circle->walk;
    uint32_t index = walk->stack[place_of(circle, step)];
    return walk->build->definitions.items[index].function;
}

static bool is_left_out(const hm_circle *circle, uint32_t step) {
    return circle->length > REPORTED_NAMES && step >= REPORTED_NAMES / 2 &&
           step < circle->length - REPORTED_NAMES / 2;
}

static void write_circle(const hm_circle *circle, hm_text *text) {
    hm_text_append(text, "nodes need each other in a circle: ");
    for (uint32_t step = 0; step < circle->length; step++) {
        if (!is_left_out(circle, step)) {
            hm_text_format(text, "%s -> ", name_of(circle, step));
        } else if (!is_left_out(circle, step - 1)) {
            hm_text_format(text, "... %u more ... -> ",
                    (unsigned)(circle->length - REPORTED_NAMES));
        }
    }
    hm_text_append(text, name_of(circle, 0));
    const char *separator = " (";
    for (uint32_t step = 0; step < circle->length; step++) {
        if (!is_left_out(circle, step)) {
            const hm_function *function = function_of(circle, step);
            hm_text_format(text, "%s%s at %s:%u", separator, name_of(circle, step),
                    function->file, (unsigned)function->line);
            separator = ", ";
        }
    }
    hm_text_append(text, ")");
}

static hm_status report_circle(hm_walk *walk, uint32_t first) {
    if (++walk->circle_count > REPORTED_CIRCLES) {
        return HM_OK;
    }
    hm_circle circle = {walk, first, walk->depth - first, first};
    for (uint32_t place = first; place < walk->depth; place++) {
        if (walk->stack[place] < walk->stack[circle.start]) {
            circle.start = place;
        }
    }
    hm_text text;
    hm_text_init(&text, walk->build->options->allocator);
    write_circle(&circle, &text);
    hm_status status = text.failed ? HM_NO_MEMORY : HM_OK;
    if (status == HM_OK) {
        hm_diagnostic fault =
                hm_build_fault(HM_CYCLE, function_of(&circle, 0), name_of(&circle, 0));
        fault.message = hm_text_get(&text);
        fault.mend = "let one of them take something else";
        hm_faults_add(walk->build->faults, &fault);
    }
    hm_text_finish(&text);
    return status;
}

static void push(hm_walk *walk, uint32_t index) {
    walk->visits[index] =
            (hm_visit){.state = HM_ON_STACK, .place = walk->depth, .told_of = HM_NONE};
    walk->stack[walk->depth++] = index;
}

// Whether the walk came from a checked node by way of what its checks found. It went
// to what these look at directly, too, and has told of the circle.
static bool went_by_checks(const hm_walk *walk) {
    const hm_definition *definitions = walk->build->definitions.items;
    return walk->depth >= 2 &&
           definitions[walk->stack[walk->depth - 1]].role == HM_ROLE_LOOKS &&
           definitions[walk->stack[walk->depth - 2]].role == HM_ROLE_PASSES;
}

static hm_status meet(hm_walk *walk, uint32_t from, uint32_t maker) {
    hm_visit *visit = &walk->visits[maker];
    if (visit->state == HM_NOT_SEEN) {
        push(walk, maker);
    } else if (visit->state == HM_ON_STACK && visit->told_of != from &&
               !went_by_checks(walk)) {
        visit->told_of = from;
        return report_circle(walk, visit->place);
    }
    return HM_OK;
}

static hm_status walk_from(hm_walk *walk, uint32_t root) {
    hm_build *build = walk->build;
    push(walk, root);
    while (walk->depth > 0) {
        uint32_t index = walk->stack[walk->depth - 1];
        const hm_definition *definition = &build->definitions.items[index];
        hm_visit *visit = &walk->visits[index];
        if (visit->next_parameter == definition->parameter_count) {
            visit->state = HM_DONE;
            build->order[build->order_count++] = index;
            walk->depth--;
            continue;
        }
        uint32_t argument = definition->first_argument + visit->next_parameter++;
        uint32_t name = build->argument_names[argument];
        uint32_t maker = name != HM_NONE ? build->makers[name] : HM_NONE;
        if (maker != HM_NONE) {
            HM_TRY(meet(walk, index, maker));
        }
    }
    return HM_OK;
}

static void report_further_circles(const hm_walk *walk) {
    if (walk->circle_count <= REPORTED_CIRCLES) {
        return;
    }
    hm_diagnostic fault = {.status = HM_CYCLE};
    hm_faults_format(walk->build->faults, fault, "%zu more circles",
            walk->circle_count - REPORTED_CIRCLES);
}

hm_status hm_build_order(hm_build *build) {
    size_t count = build->definitions.count;
    hm_walk walk = {.build = build};
    walk.visits = hm_arena_array(&build->scratch, count, sizeof *walk.visits);
    walk.stack = hm_arena_array(&build->scratch, count, sizeof *walk.stack);
    build->order = hm_arena_array(&build->scratch, count, sizeof *build->order);
    if (walk.visits == NULL || walk.stack == NULL || build->order == NULL) {
        return HM_NO_MEMORY;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (build->definitions.items[i].result_count > 0 &&
                walk.visits[i].state == HM_NOT_SEEN) {
            HM_TRY(walk_from(&walk, i));
        }
    }
    report_further_circles(&walk);
    return HM_OK;
}
