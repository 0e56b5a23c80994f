// explain_text.c — see explain_text.h.

#include "cli/explain_text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/json.h>

#include "base/error.h"
#include "base/quantity.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/grid.h"
#include "cli/terminal.h"

// Of more than this only so many are shown.
enum {
    MOST_NODES = 40,
    MOST_SLOTS = 20,
    MOST_ON_PATH = 16,
    MOST_AFTER = 4,
    MOST_PIPELINES = 8,
    MOST_UNREAD = 8,
};

enum { MOST_COLUMNS = 80, MOST_BRACKETS = 16 };

typedef struct hm_explain_view {
    hm_session *session;
    const hm_explanation *of;
    bool has_costs;     // of some call at least
    bool *is_shown;     // by call
    uint32_t *first;    // task -> first of its dependencies, one more than tasks
    uint32_t *required; // the dependencies of all tasks
} hm_explain_view;

static const char *plural(uint32_t count) {
    return count == 1 ? "" : "s";
}

// Adds a line of the summary. value may be NULL: memory ran out.
static hm_status add_line(
        hm_session *session, hm_grid *grid, const char *label, const char *value) {
    HM_TRY(hm_grid_add(session, grid, label));
    return hm_grid_add(session, grid, value);
}

static const char *threads_text(hm_session *session, const hm_explanation *of) {
    if (of->sharing == HM_SHARING_ALL && of->worker_count > 1) {
        return hm_session_text(session, "up to %" PRIu32 ", the caller's among them",
                of->worker_count);
    }
    if (of->sharing == HM_SHARING_IF_AWAKE) {
        return "the caller's, and others that are awake: too short to wake one";
    }
    if (of->worker_count == 1) {
        return "the caller's alone: there is no other";
    }
    if (of->task_count < 2) {
        return "the caller's alone: nothing can run side by side";
    }
    return of->shared > 0 ? hm_session_text(session,
                                    "the caller's alone: a shared run took %s",
                                    hm_quantity_time((double)of->shared).text)
                          : "the caller's alone: too short to be shared";
}

static const char *work_text(hm_session *session, const hm_explanation *of) {
    if (!of->is_measured) {
        return "not measured yet; --analyze runs it";
    }
    return hm_session_text(session, "%s, all nodes one after the other",
            hm_quantity_time(of->work).text);
}

static const char *span_text(hm_session *session, const hm_explanation *of) {
    double parallelism = of->span > 0 ? of->work / of->span : 0;
    return of->is_measured
                   ? hm_session_text(session,
                             "%s, the critical path; average parallelism %.2f",
                             hm_quantity_time(of->span).text, parallelism)
                   : hm_session_text(session,
                             "%" PRIu32 " node%s deep; average parallelism %.2f if all "
                             "take the same time",
                             of->critical_count, plural(of->critical_count),
                             parallelism);
}

static const char *memory_text(hm_session *session, const hm_explanation *of) {
    const hm_plan_need *need = &of->need;
    return hm_session_text(session, "%s%s: frame %s, arrays %s, state %s",
            need->is_known ? "" : "at least ",
            hm_quantity_bytes(need->frame + need->arrays + need->state).text,
            hm_quantity_bytes(need->frame).text, hm_quantity_bytes(need->arrays).text,
            hm_quantity_bytes(need->state).text);
}

static const char *buffers_text(hm_session *session, const hm_explanation *of) {
    uint32_t again = 0;
    for (uint32_t b = 0; b < of->buffer_count; b++) {
        again += of->buffers[b].tenant_count > 1;
    }
    return hm_session_text(session, "%" PRIu32 " for arrays, %" PRIu32 " used again",
            of->buffer_count, again);
}

static const char *pipeline_text(hm_session *session, const hm_explanation *of,
        const hm_explained_pipeline *pipeline) {
    const char *rows = hm_session_text(session,
            "task %" PRIu32 ": %" PRIu32 " node%s, %" PRIu32 " rows at a time",
            of->calls[pipeline->first_call].task, pipeline->call_count,
            pipeline->call_count == 1 ? "" : "s together", pipeline->block_length);
    return rows == NULL || pipeline->worker_count == 1
                   ? rows
                   : hm_session_text(session, "%s, shared by %" PRIu32 " threads", rows,
                             pipeline->worker_count);
}

static const char *runs_text(hm_session *session, const hm_explain_runs *runs) {
    hm_quantity first = hm_quantity_time((double)runs->first);
    if (runs->count == 1) {
        return hm_session_text(session, "1 in %s", first.text);
    }
    return hm_session_text(session, "%" PRIu32 ": first %s, mean %s, best %s",
            runs->count, first.text,
            hm_quantity_time((double)runs->sum / runs->count).text,
            hm_quantity_time((double)runs->best).text);
}

// The first of a list of words, separated by commas.
static const char *words_text(hm_session *session, const hm_words *words) {
    const char *text = words->items[0];
    for (size_t i = 1; i < words->count && i < MOST_UNREAD && text != NULL; i++) {
        text = hm_session_text(session, "%s, %s", text, words->items[i]);
    }
    return words->count <= MOST_UNREAD || text == NULL
                   ? text
                   : hm_session_text(session, "%s and %zu more", text,
                             words->count - MOST_UNREAD);
}

static hm_status print_summary(const hm_explain_view *view, const hm_explain_runs *runs,
        const hm_words *unread) {
    static const hm_grid_column columns[] = {{"", HM_ALIGN_LEFT}, {"", HM_ALIGN_LEFT}};
    hm_session *session = view->session;
    const hm_explanation *of = view->of;
    hm_grid grid = {.columns = columns,
            .column_count = 2,
            .hide_titles = true,
            .keep_together = true};
    HM_TRY(add_line(session, &grid, "plan",
            hm_session_text(session, "%" PRIu32 " node%s in %" PRIu32 " task%s",
                    of->call_count, plural(of->call_count), of->task_count,
                    plural(of->task_count))));
    HM_TRY(add_line(session, &grid, "threads", threads_text(session, of)));
    if (of->call_count > 0) {
        HM_TRY(add_line(session, &grid, "work", work_text(session, of)));
        HM_TRY(add_line(session, &grid, "span", span_text(session, of)));
    }
    if (runs->count > 0) {
        HM_TRY(add_line(session, &grid, "runs", runs_text(session, runs)));
    }
    HM_TRY(add_line(session, &grid, "memory", memory_text(session, of)));
    if (of->buffer_count > 0) {
        HM_TRY(add_line(session, &grid, "buffers", buffers_text(session, of)));
    }
    for (uint32_t i = 0; i < of->pipeline_count && i < MOST_PIPELINES; i++) {
        HM_TRY(add_line(session, &grid, i == 0 ? "blocks" : "",
                pipeline_text(session, of, &of->pipelines[i])));
    }
    if (unread->count > 0) {
        HM_TRY(add_line(session, &grid, "unread", words_text(session, unread)));
    }
    return hm_grid_print(session, &grid);
}

// A node, with a pair of brackets for each dimension over which it runs, and what is
// special about it.
static const char *node_text(hm_session *session, const hm_explained_call *call) {
    char brackets[MOST_BRACKETS + 1] = "";
    for (size_t d = 0; d < call->mapped && 2 * d < MOST_BRACKETS; d++) {
        memcpy(brackets + 2 * d, "[]", 3);
    }
    return hm_session_text(session, "%s %s%s%s", call->is_critical ? "*" : " ",
            call->name, brackets,
            call->is_async                    ? " (async)"
            : call->function->combine != NULL ? " (reduces)"
                                              : "");
}

// The tasks that one waits for.
static const char *after_text(const hm_explain_view *view, uint32_t task) {
    uint32_t begin = view->first[task];
    uint32_t count = view->first[task + 1] - begin;
    uint32_t shown = count <= MOST_AFTER + 1 ? count : MOST_AFTER;
    hm_text text;
    hm_text_init(&text, NULL);
    for (uint32_t i = 0; i < shown; i++) {
        hm_text_format(
                &text, "%s%" PRIu32, i > 0 ? ", " : "", view->required[begin + i]);
    }
    if (shown < count) {
        hm_text_format(&text, " and %" PRIu32 " more", count - shown);
    }
    const char *copy =
            text.failed ? NULL
                        : hm_arena_text(&view->session->arena, hm_text_get(&text));
    hm_text_finish(&text);
    return copy;
}

static const char *share_text(
        hm_session *session, const hm_explanation *of, const hm_explained_call *call) {
    if (!of->is_measured) {
        return "";
    }
    double share = 100 * (double)call->nanoseconds / of->work;
    return share < 1 ? "<1 %" : hm_session_text(session, "%.0f %%", share);
}

static hm_status add_node(
        const hm_explain_view *view, hm_grid *grid, uint32_t index, bool is_first) {
    hm_session *session = view->session;
    const hm_explained_call *call = &view->of->calls[index];
    HM_TRY(hm_grid_add(session, grid,
            is_first ? hm_session_text(session, "%" PRIu32, call->task) : ""));
    HM_TRY(hm_grid_add(session, grid, node_text(session, call)));
    if (view->has_costs) {
        HM_TRY(hm_grid_add(session, grid,
                call->nanoseconds > 0
                        ? hm_arena_text(&session->arena,
                                  hm_quantity_time((double)call->nanoseconds).text)
                : call->is_lazy ? "not needed"
                                : ""));
        HM_TRY(hm_grid_add(session, grid, share_text(session, view->of, call)));
    }
    return hm_grid_add(session, grid, is_first ? after_text(view, call->task) : "");
}

static hm_status print_nodes(const hm_explain_view *view) {
    static const hm_grid_column with_costs[] = {{"task", HM_ALIGN_RIGHT},
            {"  node", HM_ALIGN_LEFT}, {"time", HM_ALIGN_RIGHT},
            {"work", HM_ALIGN_RIGHT}, {"after", HM_ALIGN_LEFT}};
    static const hm_grid_column without[] = {{"task", HM_ALIGN_RIGHT},
            {"  node", HM_ALIGN_LEFT}, {"after", HM_ALIGN_LEFT}};
    hm_grid grid = {.columns = view->has_costs ? with_costs : without,
            .column_count = view->has_costs ? 5 : 3,
            .keep_together = true};
    uint32_t last_task = HM_NONE;
    uint32_t hidden = 0;
    double hidden_time = 0;
    for (uint32_t i = 0; i < view->of->call_count; i++) {
        const hm_explained_call *call = &view->of->calls[i];
        if (view->is_shown[i]) {
            HM_TRY(add_node(view, &grid, i, call->task != last_task));
            last_task = call->task;
        } else {
            hidden++;
            hidden_time += (double)call->nanoseconds;
        }
    }
    putchar('\n');
    HM_TRY(hm_grid_print(view->session, &grid));
    if (hidden > 0 && view->of->is_measured) {
        printf("... and %" PRIu32 " more, %.0f %% of the work; --all shows them\n",
                hidden, 100 * hidden_time / view->of->work);
    } else if (hidden > 0) {
        printf("... and %" PRIu32 " more; --all shows them\n", hidden);
    }
    return HM_OK;
}

// Prints a word of the path on this line, or on the next where it is full.
static void print_word(const char *word, bool is_first, size_t limit, size_t *column) {
    size_t width = hm_terminal_width(word) + (is_first ? 0 : 3);
    if (*column + width > limit && !is_first) {
        fputs("\n         ", stdout);
        *column = 9;
    }
    *column += width;
    printf("%s%s", is_first ? "" : " > ", word);
}

static void print_path(const hm_explain_view *view) {
    const hm_explanation *of = view->of;
    bool is_cut = of->critical_count > MOST_ON_PATH + 1 &&
                  hm_arguments_value(view->session, "all") == NULL;
    size_t width = hm_terminal_of(stdout).width;
    size_t limit = width < MOST_COLUMNS ? width : MOST_COLUMNS;
    size_t column = 9;
    fputs("\ncritical ", stdout);
    for (uint32_t i = 0; i < of->critical_count; i++) {
        if (is_cut && i == MOST_ON_PATH / 2) {
            uint32_t skipped = of->critical_count - MOST_ON_PATH;
            char more[32];
            snprintf(more, sizeof more, "(%" PRIu32 " more)", skipped);
            print_word(more, false, limit, &column);
            i += skipped;
        }
        const char *name = of->calls[of->critical_path[i]].name;
        print_word(name, i == 0, limit, &column);
    }
    putchar('\n');
}

static const char *type_text(hm_session *session, const hm_explained_value *value) {
    const char *text = value->type->name;
    for (uint32_t d = 0; d < value->depth && text != NULL; d++) {
        text = hm_session_text(session, "%s[]", text);
    }
    return text;
}

// The buffer of an array's elements.
static const char *array_text(
        const hm_explain_view *view, const hm_explained_value *value) {
    hm_session *session = view->session;
    if (value->buffer_count == 0) {
        return value->is_inner ? "in blocks" : "";
    }
    uint32_t id = view->of->buffers_of[value->first_buffer + value->buffer_count - 1];
    size_t size = view->of->buffers[id].size;
    return size == SIZE_MAX ? hm_session_text(session, "#%" PRIu32, id)
                            : hm_session_text(session, "#%" PRIu32 " %s", id,
                                      hm_quantity_bytes(size).text);
}

static const char *use_text(
        const hm_explain_view *view, const hm_explained_value *value) {
    if (value->call == HM_NONE || value->is_wanted) {
        return value->call == HM_NONE ? "given" : "wanted";
    }
    for (uint32_t k = 0; k < value->buffer_count; k++) {
        uint32_t id = view->of->buffers_of[value->first_buffer + k];
        if (view->of->buffers[id].tenant_count > 1) {
            return "in turn";
        }
    }
    return "";
}

static hm_status print_frame(const hm_explain_view *view) {
    static const hm_grid_column columns[] = {{"offset", HM_ALIGN_RIGHT},
            {"bytes", HM_ALIGN_RIGHT}, {"use", HM_ALIGN_LEFT}, {"value", HM_ALIGN_LEFT},
            {"type", HM_ALIGN_LEFT}, {"array", HM_ALIGN_LEFT}};
    hm_session *session = view->session;
    hm_grid grid = {.columns = columns, .column_count = 6, .keep_together = true};
    uint32_t count = view->of->value_count;
    bool is_cut = count > MOST_SLOTS && hm_arguments_value(session, "all") == NULL;
    uint32_t shown = is_cut ? MOST_SLOTS : count;
    for (uint32_t v = 0; v < shown; v++) {
        const hm_explained_value *value = &view->of->values[v];
        HM_TRY(hm_grid_add(
                session, &grid, hm_session_text(session, "%" PRIu32, value->offset)));
        HM_TRY(hm_grid_add(
                session, &grid, hm_session_text(session, "%" PRIu32, value->size)));
        HM_TRY(hm_grid_add(session, &grid, use_text(view, value)));
        HM_TRY(hm_grid_add(session, &grid, value->name));
        HM_TRY(hm_grid_add(session, &grid, type_text(session, value)));
        HM_TRY(hm_grid_add(session, &grid, array_text(view, value)));
    }
    putchar('\n');
    HM_TRY(hm_grid_print(session, &grid));
    if (shown < count) {
        printf("... and %" PRIu32 " more; --all shows them\n", count - shown);
    }
    return HM_OK;
}

static int compare_calls(const void *a, const void *b) {
    const hm_explained_call *x = *(const hm_explained_call *const *)a;
    const hm_explained_call *y = *(const hm_explained_call *const *)b;
    if (x->nanoseconds > y->nanoseconds || x->nanoseconds < y->nanoseconds) {
        return x->nanoseconds > y->nanoseconds ? -1 : 1;
    }
    return x < y ? -1 : x > y;
}

// The dearest of many; while costs are not known, the first.
static hm_status choose_nodes(hm_explain_view *view) {
    hm_arena *arena = &view->session->arena;
    const hm_explanation *of = view->of;
    uint32_t count = of->call_count;
    const hm_explained_call **sorted = hm_arena_array(arena, count, sizeof *sorted);
    view->is_shown = hm_arena_array(arena, count, sizeof *view->is_shown);
    if (sorted == NULL || view->is_shown == NULL) {
        return hm_session_no_memory(view->session);
    }
    for (uint32_t c = 0; c < count; c++) {
        sorted[c] = &of->calls[c];
        view->has_costs |= of->calls[c].nanoseconds > 0;
    }
    bool is_cut =
            count > MOST_NODES && hm_arguments_value(view->session, "all") == NULL;
    if (is_cut) {
        qsort(sorted, count, sizeof *sorted, compare_calls);
    }
    for (uint32_t i = 0; i < (is_cut ? MOST_NODES : count); i++) {
        view->is_shown[sorted[i] - of->calls] = true;
    }
    return HM_OK;
}

// Turns the lists of successors round.
static hm_status find_required(hm_explain_view *view) {
    hm_arena *arena = &view->session->arena;
    const hm_explanation *of = view->of;
    view->first = hm_arena_array(arena, of->task_count + 1, sizeof *view->first);
    uint32_t *next = hm_arena_array(arena, of->task_count + 1, sizeof *next);
    uint32_t total = 0;
    for (uint32_t t = 0; view->first != NULL && t < of->task_count; t++) {
        total += of->tasks[t].dependency_count;
        view->first[t + 1] = total;
    }
    view->required = hm_arena_array(arena, total, sizeof *view->required);
    if (view->first == NULL || next == NULL || view->required == NULL) {
        return hm_session_no_memory(view->session);
    }
    for (uint32_t t = 0; t < of->task_count; t++) {
        const hm_explained_task *task = &of->tasks[t];
        for (uint32_t i = 0; i < task->successor_count; i++) {
            uint32_t after = of->successors[task->first_successor + i];
            view->required[view->first[after] + next[after]++] = t;
        }
    }
    return HM_OK;
}

hm_status hm_explain_print(hm_session *session, const hm_explanation *explanation,
        const hm_explain_runs *runs, const hm_words *unread) {
    hm_explain_view view = {.session = session, .of = explanation};
    HM_TRY(choose_nodes(&view));
    HM_TRY(find_required(&view));
    HM_TRY(print_summary(&view, runs, unread));
    if (explanation->call_count > 0) {
        HM_TRY(print_nodes(&view));
        print_path(&view);
    }
    return print_frame(&view);
}

hm_status hm_explain_print_csv(hm_session *session, const hm_explanation *explanation) {
    static const hm_grid_column columns[] = {{"task", HM_ALIGN_RIGHT},
            {"node", HM_ALIGN_LEFT}, {"nanoseconds", HM_ALIGN_RIGHT},
            {"mapped", HM_ALIGN_RIGHT}, {"critical", HM_ALIGN_RIGHT}};
    hm_grid grid = {.columns = columns, .column_count = 5};
    for (uint32_t c = 0; c < explanation->call_count; c++) {
        const hm_explained_call *call = &explanation->calls[c];
        char number[HM_NUMBER_SIZE] = "";
        if (call->nanoseconds > 0) {
            hm_number_format(&hm_type_float, &call->nanoseconds, number);
        }
        HM_TRY(hm_grid_add(
                session, &grid, hm_session_text(session, "%" PRIu32, call->task)));
        HM_TRY(hm_grid_add(session, &grid, call->name));
        HM_TRY(hm_grid_add(session, &grid, hm_arena_text(&session->arena, number)));
        HM_TRY(hm_grid_add(
                session, &grid, hm_session_text(session, "%" PRIu32, call->mapped)));
        HM_TRY(hm_grid_add(session, &grid, call->is_critical ? "true" : "false"));
    }
    return hm_grid_print_csv(session, &grid);
}
