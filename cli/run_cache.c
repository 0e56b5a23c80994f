// run_cache.c — --cache and its kin: a cache for the runs of a dataflow.

#include "cli/run_cache.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/cache_functions.h"
#include "cli/cache_place.h"
#include "cli/run_adapters.h"
#include "cli/selection.h"
#include "cli/which.h"

typedef struct hm_cache_use {
    const hm_cache_rule *rules;
    size_t rule_count;
    const hm_cache_functions *functions;
    hm_cache *cache;
    hm_adapter listener; // of --cache-why
    bool wants_why;
    hm_session *session;
    hm_cache_told *told; // by node of the plan, each of which one thread writes
    uint32_t told_count;
} hm_cache_use;

static const char *const behaviours[] = {[HM_CACHE_DEFAULT] = "default",
        [HM_CACHE_RECOMPUTE] = "recompute",
        [HM_CACHE_DISABLE] = "disable",
        [HM_CACHE_IGNORE] = "ignore"};

static hm_status read_rule(hm_session *session, const char *text, hm_cache_rule *rule) {
    size_t length = strcspn(text, "=");
    for (size_t i = 0; i < sizeof behaviours / sizeof *behaviours && length > 0 &&
                       text[length] == '=';
            i++) {
        if (strcmp(text + length + 1, behaviours[i]) == 0) {
            hm_which_nodes which;
            HM_TRY(hm_which_read(session, text, length, &which));
            *rule = (hm_cache_rule){.name = which.node,
                    .tag = which.tag,
                    .behaviour = (hm_cache_behaviour)i};
            return HM_OK;
        }
    }
    return hm_session_fail(session, HM_BAD_ARGUMENT,
            "write NODE=default, NODE=recompute, NODE=disable or NODE=ignore; @TAG in "
            "place of NODE is nodes with a tag, and * all",
            "--cache-node cannot be `%s`", text);
}

static hm_status read_rules(hm_session *session, hm_cache_options *options) {
    hm_cache_rule *rules =
            hm_arena_array(&session->arena, session->given_count, sizeof *rules);
    if (rules == NULL) {
        return hm_session_no_memory(session);
    }
    options->rules = rules;
    size_t at = 0;
    const hm_given *given;
    while ((given = hm_arguments_next(session, "cache-node", &at)) != NULL) {
        HM_TRY(read_rule(session, given->value, &rules[options->rule_count]));
        options->rule_count++;
    }
    return HM_OK;
}

static bool has_tag(const hm_graph *graph, const char *key) {
    bool has = false;
    for (uint32_t id = 0; id < hm_graph_node_count(graph) && !has; id++) {
        hm_node node = hm_graph_describe(graph, id);
        for (uint32_t t = 0; t < node.tag_count && !has; t++) {
            has = strcmp(node.tags[t].key, key) == 0;
        }
    }
    return has;
}

// A rule that fits nothing was misspelt.
static hm_status check(hm_session *session, void *self, const hm_graph *graph) {
    const hm_cache_use *use = self;
    hm_status first = HM_OK;
    for (size_t i = 0; i < use->rule_count; i++) {
        const hm_cache_rule *rule = &use->rules[i];
        hm_status status = HM_OK;
        uint32_t id;
        if (rule->name != NULL) {
            status = hm_selection_find(session, graph, rule->name, &id);
        } else if (rule->tag != NULL && !has_tag(graph, rule->tag)) {
            status = hm_session_fail(session, HM_UNKNOWN_NAME,
                    "`hamilton list --format json` shows all tags",
                    "--cache-node: no node has the tag `%s`", rule->tag);
        }
        first = first == HM_OK ? status : first;
    }
    return first;
}

static hm_status plan_compiled(void *self, hm_planned *planned, hm_error *error) {
    hm_cache_use *use = self;
    use->told_count = planned->node_count;
    use->told = hm_arena_array(
            &use->session->arena, planned->node_count, sizeof *use->told);
    return use->told != NULL ? HM_OK : hm_error_no_memory(error);
}

static void decided(void *self, hm_running *running, const hm_planned_node *node,
        hm_cache_decision decision, const char *why) {
    (void)running;
    hm_cache_told *told = &((hm_cache_use *)self)->told[node->number];
    told->name = node->name;
    told->decision = decision;
    snprintf(told->why, sizeof told->why, "%s", why);
}

static hm_status warn_of_trouble(hm_session *session, const char *trouble) {
    hm_faults_format(&session->faults,
            (hm_diagnostic){.status = HM_IO, .severity = HM_SEVERITY_WARNING},
            "the run went on without the cache: %s",
            trouble != NULL ? trouble : hm_status_text(HM_NO_MEMORY));
    return HM_OK;
}

static hm_status create(hm_session *session, void **self) {
    const char *place = hm_arguments_value(session, "cache");
    if (place == NULL) {
        return HM_OK;
    }
    hm_cache_options options = HM_CACHE_OPTIONS_INIT;
    options.only_tells = strcmp(session->command->name, "explain") == 0;
    options.must_exist = options.only_tells;
    HM_TRY(read_rules(session, &options));
    hm_cache_use *made = hm_arena_array(&session->arena, 1, sizeof *made);
    if (made == NULL) {
        return hm_session_no_memory(session);
    }
    HM_TRY(hm_cache_functions_load(session, &made->functions));
    hm_error error;
    hm_status status = hm_cache_place_read(session, place, &options, &error);
    if (status != HM_OK && error.message[0] == '\0') {
        return status;
    }
    if (status == HM_OK) {
        status = made->functions->create(&options, &made->cache, &error);
    }
    // A full disk does not keep anybody from computing; a folder that is not safe, or a
    // wrong name, is for the user to mend.
    if (status == HM_IO || status == HM_NO_MEMORY) {
        return warn_of_trouble(session, error.message);
    }
    if (status != HM_OK) {
        return hm_session_fail(session, status, NULL, "%s", error.message);
    }
    made->rules = options.rules;
    made->rule_count = options.rule_count;
    made->session = session;
    made->wants_why =
            options.only_tells || hm_arguments_value(session, "cache-why") != NULL;
    made->listener = (hm_adapter){.struct_size = sizeof(hm_adapter),
            .name = "cache-why",
            .self = made,
            .plan_compiled = plan_compiled,
            .decided = decided};
    *self = made;
    return HM_OK;
}

static size_t parts(void *self, const hm_adapter *made[HM_RUN_ADAPTER_PARTS]) {
    hm_cache_use *use = self;
    size_t count = 0;
    if (use->wants_why) {
        made[count++] = &use->listener;
    }
    made[count++] = use->functions->adapter(use->cache);
    return count;
}

const hm_cache_told *hm_run_cache_told(const hm_run_adapters *adapters, size_t *count) {
    const hm_cache_use *use = hm_run_adapters_self(adapters, &hm_run_cache);
    *count = use != NULL ? use->told_count : 0;
    return use != NULL ? use->told : NULL;
}

const char *hm_run_cache_word(hm_cache_decision decision) {
    static const char *const words[] = {[HM_CACHE_FOUND] = "found",
            [HM_CACHE_COMPUTED] = "computed",
            [HM_CACHE_PASSED_BY] = "not cached"};
    return words[decision];
}

static void print_decisions(const hm_cache_use *use) {
    size_t width = 0;
    for (uint32_t i = 0; i < use->told_count; i++) {
        size_t length = use->told[i].name != NULL ? strlen(use->told[i].name) : 0;
        width = length > width ? length : width;
    }
    for (uint32_t i = 0; i < use->told_count; i++) {
        const hm_cache_told *told = &use->told[i];
        if (told->name != NULL) {
            fprintf(stderr, "cache: %-*s  %s%s%s\n", (int)width, told->name,
                    hm_run_cache_word(told->decision), told->why[0] != '\0' ? ": " : "",
                    told->why);
        }
    }
}

// What a store that failed could not do, in parentheses; "" of a folder.
static const char *describe_losses(hm_session *session, const hm_cache_use *use) {
    hm_cache_statistics counts = HM_CACHE_STATISTICS_INIT;
    use->functions->count(use->cache, &counts);
    if (counts.missed == 0 && counts.lost == 0) {
        return "";
    }
    return hm_session_text(session, " (%llu look-ups and %llu entries were lost)",
            (unsigned long long)counts.missed, (unsigned long long)counts.lost);
}

static hm_status tell(hm_session *session, void *self) {
    const hm_cache_use *use = self;
    if (use->wants_why) {
        print_decisions(use);
    }
    use->functions->settle(use->cache);
    const char *trouble = use->functions->trouble(use->cache);
    if (trouble[0] != '\0') {
        const char *losses = describe_losses(session, use);
        return warn_of_trouble(
                session, hm_session_text(session, "%s%s", trouble, losses));
    }
    return HM_OK;
}

static void destroy(void *self) {
    hm_cache_use *use = self;
    use->functions->destroy(use->cache);
}

const hm_option hm_run_cache_options[] = {
        {.name = "cache",
                .operand = "PLACE",
                .help = "results are found there that earlier runs left, and those "
                        "that are computed are kept; a folder, which is made when it "
                        "is not there, " HM_CACHE_PLACES},
        {.name = "cache-node",
                .operand = "NODE=BEHAVIOUR",
                .help = "of a node, of @TAG or of *, which is all: default, recompute, "
                        "disable or ignore; may be repeated, and the first that fits "
                        "counts"},
        {.name = "cache-why",
                .help = "tells of each node whether it was found, or why it was not"},
        {.name = NULL},
};

const hm_run_adapter hm_run_cache = {.create = create,
        .check = check,
        .parts = parts,
        .tell = tell,
        .destroy = destroy};
