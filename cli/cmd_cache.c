// cmd_cache.c — hamilton cache: what is kept of results, and out with it.

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/cache_functions.h"
#include "cli/cache_place.h"
#include "cli/commands.h"
#include "cli/grid.h"

enum { MOST_MEBIBYTES = 1 << 30, MOST_DAYS = 36500 };

typedef struct hm_listing {
    hm_session *session;
    hm_grid grid;
    hm_status status;
    const char *only; // of the node that is to be shown, or NULL
    size_t count;
} hm_listing;

// The words of a line of a note, separated by spaces, as "is <content> <name>".
static const char *word(hm_session *session, const char *text, const char *end,
        const char *kind, unsigned index) {
    size_t length = strlen(kind);
    for (const char *line = text; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        stop = stop != NULL ? stop : end;
        if ((size_t)(stop - line) > length && memcmp(line, kind, length) == 0 &&
                line[length] == ' ') {
            const char *at = line + length + 1;
            for (; index > 0 && at < stop; index--) {
                at += strcspn(at, " \n") + 1;
            }
            return hm_session_text(
                    session, "%.*s", (int)strcspn(at, " \n"), at < stop ? at : stop);
        }
        line = stop + 1;
    }
    return "";
}

static void list_one(void *context, const char *node, const char *text, size_t length) {
    hm_listing *listing = context;
    hm_session *session = listing->session;
    const char *cells[] = {hm_session_text(session, "%s", node),
            word(session, text, text + length, "is", 0),
            word(session, text, text + length, "code", 2)};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        if (listing->status == HM_OK) {
            listing->status = hm_grid_add(session, &listing->grid, cells[i]);
        }
    }
    listing->count++;
}

static void show_one(void *context, const char *node, const char *text, size_t length) {
    hm_listing *listing = context;
    const char *dot = strrchr(node, '.');
    if (strcmp(listing->only, node) == 0 ||
            (dot != NULL && strcmp(listing->only, dot + 1) == 0)) {
        printf("%s\n%.*s", node, (int)length, text);
        listing->count++;
    }
}

static hm_status list(
        hm_session *session, const hm_cache_functions *functions, hm_cache *cache) {
    static const hm_grid_column columns[] = {
            {.title = "node"}, {.title = "content"}, {.title = "function"}};
    hm_listing listing = {
            .session = session, .grid = {.columns = columns, .column_count = 3}};
    hm_error error;
    hm_status status = functions->list(cache, list_one, &listing, &error);
    if (status != HM_OK) {
        return hm_session_fail(session, status, NULL, "%s", error.message);
    }
    HM_TRY(listing.status);
    return listing.count > 0 ? hm_grid_print(session, &listing.grid) : HM_OK;
}

static hm_status show(
        hm_session *session, const hm_cache_functions *functions, hm_cache *cache) {
    if (session->operand_count < 3) {
        return hm_session_fail(session, HM_BAD_ARGUMENT,
                "write hamilton cache show PLACE NODE", "the node is missing");
    }
    hm_listing listing = {.session = session, .only = session->operands[2]};
    hm_error error;
    hm_status status = functions->list(cache, show_one, &listing, &error);
    if (status != HM_OK) {
        return hm_session_fail(session, status, NULL, "%s", error.message);
    }
    return listing.count > 0 ? HM_OK
                             : hm_session_fail(session, HM_UNKNOWN_NAME,
                                       hm_session_text(session,
                                               "`hamilton cache ls %s` lists them",
                                               session->operands[1]),
                                       "nothing is known of node `%s`", listing.only);
}

static hm_status act(hm_session *session, const char *action,
        const hm_cache_functions *functions, hm_cache *cache) {
    if (strcmp(action, "ls") == 0) {
        return list(session, functions, cache);
    }
    if (strcmp(action, "show") == 0) {
        return show(session, functions, cache);
    }
    hm_error error;
    hm_status status = strcmp(action, "gc") == 0 ? functions->collect(cache, &error)
                                                 : functions->clear(cache, &error);
    if (status != HM_OK) {
        return hm_session_fail(session, status, NULL, "%s", error.message);
    }
    hm_cache_statistics counts = HM_CACHE_STATISTICS_INIT;
    functions->count(cache, &counts);
    printf("%llu values removed, %llu bytes left\n", (unsigned long long)counts.evicted,
            (unsigned long long)counts.bytes);
    return HM_OK;
}

static hm_status check_action(hm_session *session, const char *action) {
    static const char *const actions[] = {"ls", "show", "gc", "clear"};
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (strcmp(action, actions[i]) == 0) {
            return HM_OK;
        }
    }
    return hm_session_fail(session, HM_BAD_ARGUMENT, "write ls, show, gc or clear",
            "a cache cannot `%s`", action);
}

static hm_status run(hm_session *session) {
    const char *action = session->operands[0];
    hm_cache_options options = HM_CACHE_OPTIONS_INIT;
    options.must_exist = true;
    uint32_t mebibytes = 0;
    uint32_t days = 0;
    HM_TRY(check_action(session, action));
    HM_TRY(hm_arguments_number(session, "max-size", MOST_MEBIBYTES, &mebibytes));
    HM_TRY(hm_arguments_number(session, "max-age", MOST_DAYS, &days));
    options.max_bytes = (uint64_t)mebibytes << 20;
    options.max_seconds = days * UINT64_C(86400);
    const hm_cache_functions *functions;
    HM_TRY(hm_cache_functions_load(session, &functions));
    hm_cache *cache;
    hm_error error;
    hm_status status =
            hm_cache_place_read(session, session->operands[1], &options, &error);
    if (status != HM_OK && error.message[0] == '\0') {
        return status;
    }
    if (status == HM_OK) {
        status = functions->create(&options, &cache, &error);
    }
    if (status != HM_OK) {
        return hm_session_fail(session, status, NULL, "%s", error.message);
    }
    status = act(session, action, functions, cache);
    functions->destroy(cache);
    return status;
}

static const hm_option cache_options[] = {
        {.name = "max-size",
                .operand = "MIB",
                .help = "for gc: what was not used for longest goes until no more is "
                        "left; 16384 without it"},
        {.name = "max-age",
                .operand = "DAYS",
                .help = "for gc: what was not used for so long goes"},
        {.name = NULL},
};

static const hm_option *const options[] = {cache_options, hm_help_options, NULL};

const hm_command hm_command_cache = {
        .name = "cache",
        .operands = "ls|show|gc|clear PLACE [NODE]",
        .least_operands = 2,
        .most_operands = 3,
        .summary = "look into what is kept of results, or clear it",
        .details =
                "Looks into a place that --cache of `hamilton run` filled: a "
                "folder, " HM_CACHE_PLACES
                ". `ls` lists the nodes that were computed, with what their results "
                "were last; `show` tells of one NODE from what. `gc` brings a folder "
                "to its limits, and removes what processes that were killed have left; "
                "of other places it brings those to their limits that know some. "
                "`clear` removes all results. Other processes may use it meanwhile.",
        .example = "hamilton cache gc results --max-size 1024",
        .options = options,
        .run = run,
};
