// test_draw.c — the drawing as text; that Graphviz understands it is a flow's concern.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tests/support/failing_allocator.h"
#include "tests/support/graph_trial.h"
#include "tests/support/suite.h"

static hm_graph_trial trial;
static hm_text text;
static hm_drawing drawing;

static void set_up(void) {
    hm_graph_trial_init(&trial);
    hm_text_init(&text, NULL);
    drawing = (hm_drawing)HM_DRAWING_INIT;
}

static void tear_down(void) {
    hm_text_finish(&text);
    hm_graph_trial_finish(&trial);
}

static void add(const char *file, const char *declarations) {
    hm_graph_trial_module(&trial, file, declarations);
}

static const char *draw(void) {
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    hm_text_clear(&text);
    ck_assert_int_eq(hm_graph_draw(trial.graph, &drawing, hm_text_write, &text), HM_OK);
    return hm_text_get(&text);
}

static void has(const char *drawn, const char *piece) {
    ck_assert_msg(strstr(drawn, piece) != NULL, "no %s in\n%s", piece, drawn);
}

static void lacks(const char *drawn, const char *piece) {
    ck_assert_msg(strstr(drawn, piece) == NULL, "%s in\n%s", piece, drawn);
}

static size_t occurrences(const char *drawn, const char *piece) {
    size_t count = 0;
    for (; (drawn = strstr(drawn, piece)) != NULL; drawn += strlen(piece)) {
        count++;
    }
    return count;
}

START_TEST(nodes_are_drawn_with_name_and_type_and_edges_follow_the_data) {
    add("m.c", "double mean(size_t n, const double x[n]);\n");
    const char *drawn = draw();
    has(drawn, "digraph dataflow {\n    graph [rankdir=LR, ");
    has(drawn, "n0 [label=<<b>x</b><br/><font point-size=\"10\" "
               "color=\"#52606D\"><i>double[n]</i></font>>, "
               "style=\"rounded,filled,dashed\"");
    has(drawn, "n1 [label=<<b>mean</b>");
    has(drawn, "tooltip=\"m.c:1\"");
    has(drawn, "    n0 -> n1;\n}\n");
    lacks(drawn, "Legend");
    lacks(drawn, "cluster");
}
END_TEST

START_TEST(the_same_graph_is_drawn_the_same) {
    add("a.c",
            "double a(double x, double y);\nvoid b(double a, double *c, double *d);\n");
    add("b.c", "double e(double c, double d);\n");
    drawing.show_legend = true;
    char *first = strdup(draw());
    ck_assert_str_eq(draw(), first);
    free(first);
}
END_TEST

START_TEST(highlighted_nodes_are_outputs_and_config_is_a_note) {
    add("m.c", "double cost(double rate);\n");
    hm_graph_trial_config(&trial, "rate", hm_value_double(2));
    uint32_t highlighted[] = {1, 77};
    drawing.highlighted = highlighted;
    drawing.highlighted_count = 2;
    drawing.show_legend = true;
    drawing.orientation = HM_TOP_TO_BOTTOM;
    const char *drawn = draw();
    has(drawn, "rankdir=TB");
    has(drawn, "n0 [label=<<b>rate</b>");
    ck_assert_uint_eq(occurrences(drawn, "shape=note"), 2); // legend too
    ck_assert_uint_eq(occurrences(drawn, "#FFC857"), 2);
    has(drawn, "legend_config");
    lacks(drawn, "legend_expansion");
}
END_TEST

START_TEST(only_what_is_shown_is_drawn) {
    add("m.c", "double a(double x);\ndouble b(double a);\ndouble c(double b);\n");
    bool shown[] = {true, true, false, true};
    drawing.shown = shown;
    const char *drawn = draw();
    has(drawn, "n0 -> n1;");
    lacks(drawn, "n2");
    lacks(drawn, "-> n3");
    drawing.shown = NULL;
    drawing.hide_inputs = true;
    drawn = draw();
    lacks(drawn, "n0");
    has(drawn, "n2 -> n3;");
}
END_TEST

START_TEST(several_outputs_share_the_box_of_their_function) {
    add("m.c", "void both(double x, double *low, double *high);\n");
    const char *drawn = draw();
    has(drawn, "both( )</font>>");
    has(drawn, "    n0 -> c0;\n    c0 -> n1 [arrowhead=none];\n    c0 -> n2 "
               "[arrowhead=none];\n");
    bool shown[] = {true, false, true};
    drawing.shown = shown;
    drawn = draw();
    lacks(drawn, "c0");
    has(drawn, "    n0 -> n2;\n");
}
END_TEST

START_TEST(arrays_and_expansions_look_different) {
    add("m.c", "void a(size_t n, const double x[n], double out[n]);\n"
               "void b(double x, double **files, size_t *count);\n"
               "double each(double files);\ndouble all(size_t n, const double "
               "files[n]);\n");
    const char *drawn = draw();
    ck_assert_uint_eq(occurrences(drawn, "peripheries=2"), 2);
    ck_assert_uint_eq(occurrences(drawn, "arrowhead=crow"), 1);
    has(drawn, "fillcolor=\"#BFE8CF\"");
}
END_TEST

START_TEST(modules_are_framed_on_demand) {
    add("a.c", "double a(double x);\n");
    add("b.c", "double b(double a);\n");
    lacks(draw(), "cluster");
    drawing.show_modules = true;
    const char *drawn = draw();
    has(drawn, "subgraph cluster_0 {");
    has(drawn, "label=\"a\"; n1 [");
    has(drawn, "label=\"b\"; n2 [");
    has(drawn, "    n0 [label=<<b>x</b>");
}
END_TEST

START_TEST(fields_are_shown_on_demand) {
    add("m.c", "struct day { double high; int code; };\nstruct day day(double x);\n");
    lacks(draw(), "high");
    drawing.show_fields = true;
    has(draw(), ">high</font>");
    has(draw(), "</i></font></td></tr></table>>");
}
END_TEST

START_TEST(nothing_that_a_name_holds_can_break_the_drawing) {
    hm_module *module = hm_graph_trial_module(&trial, "m.c", "double a(double x);\n");
    hm_function function = module->functions[0];
    hm_output output = function.outputs[0];
    function.name = "<b>\"&\\\n\xff\xc3\xa9";
    function.doc = "Says \"so\"\nand \\ more.";
    output.name = function.name;
    function.outputs = &output;
    module->functions = &function;
    const char *drawn = draw();
    has(drawn, "<b>&lt;b&gt;&quot;&amp;\\ \xEF\xBF\xBD\xc3\xa9</b>");
    has(drawn, "tooltip=\"Says \\\"so\\\"\\nand \\\\ more.\\nm.c:1\"");
}
END_TEST

START_TEST(long_names_are_cut) {
    static char name[200];
    memset(name, 'a', sizeof name - 1);
    hm_module *module = hm_graph_trial_module(&trial, "m.c", "double a(double x);\n");
    hm_function function = module->functions[0];
    hm_output output = function.outputs[0];
    output.name = name;
    function.outputs = &output;
    module->functions = &function;
    has(draw(), "aaa…</b>");
    lacks(draw(), name);
}
END_TEST

START_TEST(large_graphs_ask_graphviz_to_hurry) {
    enum { COUNT = 1100 };
    hm_text declarations;
    hm_text_init(&declarations, NULL);
    for (int i = 0; i < COUNT; i++) {
        hm_text_format(&declarations, "double f%d(double x);\n", i);
    }
    add("m.c", hm_text_get(&declarations));
    hm_text_finish(&declarations);
    has(draw(), "splines=line, nslimit=1");
    drawing.shown = calloc(COUNT + 1, sizeof *drawing.shown);
    lacks(draw(), "splines");
    free((void *)drawing.shown);
}
END_TEST

START_TEST(a_drawing_of_an_older_caller_lacks_newer_fields) {
    add("m.c", "struct day { double high; };\nstruct day day(double x);\n");
    drawing.show_fields = true;
    drawing.struct_size = offsetof(hm_drawing, show_fields);
    lacks(draw(), "high");
}
END_TEST

static bool write_no(const char *piece, size_t length, void *to) {
    (void)piece;
    (void)length;
    ++*(int *)to;
    return false;
}

START_TEST(a_writer_that_says_no_ends_the_drawing) {
    add("m.c", "double a(double x);\n");
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    int calls = 0;
    ck_assert_int_eq(hm_graph_draw(trial.graph, &drawing, write_no, &calls), HM_IO);
    ck_assert_int_eq(calls, 1);
}
END_TEST

START_TEST(memory_that_runs_out_is_told) {
    add("m.c", "double a(double x);\n");
    hm_failing_allocator failing;
    hm_failing_allocator_init(&failing);
    trial.options.allocator = &failing.allocator;
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    failing.fail_at = failing.calls + 1;
    ck_assert_int_eq(
            hm_graph_draw(trial.graph, &drawing, hm_text_write, &text), HM_NO_MEMORY);
    bool reached[2] = {false};
    failing.fail_at = failing.calls + 1;
    ck_assert_int_eq(
            hm_graph_reach(trial.graph, (uint32_t[]){0}, 1, HM_UPSTREAM, reached),
            HM_NO_MEMORY);
    ck_assert(!reached[0]);
    hm_graph_destroy(trial.graph);
    trial.graph = NULL;
    ck_assert_uint_eq(failing.live, 0);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("graph/draw");
    TCase *tests = tcase_create("draw");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, nodes_are_drawn_with_name_and_type_and_edges_follow_the_data);
    tcase_add_test(tests, the_same_graph_is_drawn_the_same);
    tcase_add_test(tests, highlighted_nodes_are_outputs_and_config_is_a_note);
    tcase_add_test(tests, only_what_is_shown_is_drawn);
    tcase_add_test(tests, several_outputs_share_the_box_of_their_function);
    tcase_add_test(tests, arrays_and_expansions_look_different);
    tcase_add_test(tests, modules_are_framed_on_demand);
    tcase_add_test(tests, fields_are_shown_on_demand);
    tcase_add_test(tests, nothing_that_a_name_holds_can_break_the_drawing);
    tcase_add_test(tests, long_names_are_cut);
    tcase_add_test(tests, large_graphs_ask_graphviz_to_hurry);
    tcase_add_test(tests, a_drawing_of_an_older_caller_lacks_newer_fields);
    tcase_add_test(tests, a_writer_that_says_no_ends_the_drawing);
    tcase_add_test(tests, memory_that_runs_out_is_told);
    suite_add_tcase(suite, tests);
    return suite;
}
