// test_subdag.c — HM_SUBDAG and HM_SUBDAG_AS: another module's graph in a namespace.

#include <stdio.h>
#include <string.h>

#include "tests/support/failing_allocator.h"
#include "tests/support/graph_trial.h"
#include "tests/support/suite.h"

static hm_graph_trial trial;

static void set_up(void) {
    hm_graph_trial_init(&trial);
}

static void tear_down(void) {
    hm_graph_trial_finish(&trial);
}

static hm_module *add(const char *file, const char *text) {
    return hm_graph_trial_module(&trial, file, text);
}

static hm_module *library(const char *file, const char *text) {
    return hm_graph_trial_library(&trial, file, text);
}

static const char *nodes(void) {
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    return hm_graph_trial_nodes(&trial);
}

static hm_node node(const char *name) {
    uint32_t id = hm_graph_find(trial.graph, name);
    ck_assert_uint_ne(id, HM_NONE);
    return hm_graph_describe(trial.graph, id);
}

// Builds, which must fail so.
static void expect(const char *faults) {
    ck_assert_str_eq(hm_graph_trial_build(&trial), faults);
}

static const char shop[] = "double cost(double base, double rate);\n"
                           "HM_TAG(owner, shop) double price(double cost);\n";

START_TEST(nodes_have_the_namespace_and_the_function_reads_inside) {
    hm_module *inner = library("shop.c", shop);
    hm_module *outer = add("o.c", "HM_SUBDAG(\"shop.c\") double us(double price);\n");
    ck_assert_str_eq(
            nodes(), "base rate us.cost(base,rate) us.price(us.cost) us(us.price)");
    hm_node price = node("us.price");
    ck_assert_ptr_eq(price.module, inner);
    ck_assert_ptr_eq(price.declared, &inner->functions[1]);
    ck_assert_ptr_null(price.made_by);
    hm_applied applied[2];
    uint32_t id = hm_graph_find(trial.graph, "us.price");
    ck_assert_uint_eq(hm_graph_applied(trial.graph, id, applied, 2), 2);
    ck_assert_ptr_eq(applied[0].modifier, &outer->functions[0].modifiers[0]);
    ck_assert_ptr_eq(applied[0].on, &outer->functions[0]);
    ck_assert_ptr_eq(applied[1].modifier, &inner->functions[1].modifiers[0]);
    ck_assert_str_eq(price.function->name, "us.price");
    ck_assert_str_eq(price.function->outputs[0].name, "us.price");
    ck_assert_str_eq(price.tags[0].key, "owner");
    ck_assert_uint_eq(price.line, 2);
    ck_assert_ptr_null(node("us").made_by);
}
END_TEST

START_TEST(code_is_shared_by_all_that_take_it) {
    hm_module *inner = library("shop.c", shop);
    char text[4096];
    size_t length = 0;
    for (int i = 0; i < 20; i++) {
        length += (size_t)snprintf(text + length, sizeof text - length,
                "HM_SUBDAG_AS(n%d, \"shop.c\", HM_VALUE(rate, %d))\n", i, i);
    }
    snprintf(text + length, sizeof text - length, "double n(double price);\n");
    add("o.c", text);
    nodes();
    ck_assert_uint_eq(hm_graph_node_count(trial.graph), 61);
    for (int i = 0; i < 20; i++) {
        char name[32];
        snprintf(name, sizeof name, "n%d.cost", i);
        hm_node cost = node(name);
        ck_assert_ptr_eq(cost.declared, &inner->functions[0]);
        ck_assert(cost.function->call == inner->functions[0].call);
        ck_assert_uint_eq(cost.dependencies[1], HM_NONE);
        double rate;
        memcpy(&rate, cost.function->parameters[1].default_value, sizeof rate);
        ck_assert_double_eq(rate, i);
    }
}
END_TEST

START_TEST(inputs_are_bound_to_nodes_around_and_to_literals) {
    library("shop.c", shop);
    add("o.c", "double twice(double x);\n"
               "HM_SUBDAG(\"shop.c\", HM_SOURCE(base, twice), HM_VALUE(rate, 2))\n"
               "double us(double price);\n");
    ck_assert_str_eq(nodes(), "x twice(x) us.cost(twice,-) us.price(us.cost) "
                              "us(us.price)");
}
END_TEST

START_TEST(what_the_function_takes_is_inside_unless_it_is_external) {
    library("shop.c", shop);
    add("o.c", "HM_SUBDAG(\"shop.c\", HM_VALUE(rate, 2), HM_EXTERNAL(base))\n"
               "double us(double price, double base, double fee, double rate);\n");
    ck_assert_str_eq(nodes(), "base us.fee us.cost(base,-) us.price(us.cost) "
                              "us(us.price,base,us.fee,-)");
}
END_TEST

START_TEST(an_injected_parameter_is_looked_up_inside_too) {
    library("shop.c", shop);
    add("o.c", "HM_SUBDAG(\"shop.c\", HM_EXTERNAL(factor))\n"
               "HM_INJECT(HM_SOURCE(a, cost), HM_SOURCE(b, factor), HM_VALUE(c, 2))\n"
               "double us(double a, double b, double c);\n");
    ck_assert_str_eq(nodes(), "factor base rate us.cost(base,rate) "
                              "us(us.cost,factor,-) us.price(us.cost)");
}
END_TEST

START_TEST(steps_before_the_function_begin_inside_and_stand_outside) {
    library("shop.c", shop);
    add("o.c", "HM_SUBDAG(\"shop.c\", HM_VALUE(rate, 2), HM_EXTERNAL(by))\n"
               "HM_PIPE_INPUT(cost, HM_STEP(plus))\n"
               "HM_PIPE_INPUT(cost, HM_STEP(plus, HM_SOURCE(by, rate)))\n"
               "HM_PIPE_INPUT(by, HM_STEP(plus, HM_VALUE(by, 1)))\n"
               "HM_PIPE_INPUT(loss, HM_STEP(plus, HM_VALUE(by, 1)))\n"
               "double us(double cost, double by, double loss);\n"
               "HM_EXCLUDE double plus(double value, double by);\n");
    ck_assert_str_eq(nodes(),
            "by rate us.loss base us.cost(base,-) us.with_plus(us.cost,by) "
            "us.with_plus_1(us.with_plus,rate) us.with_plus_2(by,-) "
            "us.with_plus_3(us.loss,-) "
            "us(us.with_plus_1,us.with_plus_2,us.with_plus_3) "
            "us.price(us.cost)");
}
END_TEST

START_TEST(a_name_that_nothing_binds_is_looked_up_around) {
    library("tax.c", "double tax(double price, double vat);\n");
    library("shop.c", "double price(double base);\n"
                      "HM_SUBDAG(\"tax.c\") double taxed(double tax);\n");
    add("o.c", "double vat(double year);\n"
               "HM_SUBDAG(\"shop.c\") double us(double taxed);\n"
               "HM_SUBDAG(\"shop.c\", HM_VALUE(vat, 0.2), HM_SOURCE(base, vat))\n"
               "double eu(double taxed);\n");
    ck_assert_str_eq(nodes(),
            "year base vat(year) us.price(base) us.taxed.tax(us.price,vat) "
            "us.taxed(us.taxed.tax) us(us.taxed) eu.price(vat) "
            "eu.taxed.tax(eu.price,-) eu.taxed(eu.taxed.tax) eu(eu.taxed)");
}
END_TEST

START_TEST(nodes_inside_are_taken_by_their_dotted_names) {
    library("tax.c", "double tax(double x);\n");
    library("shop.c", "HM_SUBDAG(\"tax.c\") double taxed(double tax);\n"
                      "HM_INJECT(HM_SOURCE(t, \"taxed.tax\")) double net(double t);\n");
    add("o.c", "HM_SUBDAG(\"shop.c\") double us(double net);\n"
               "HM_INJECT(HM_SOURCE(t, \"us.taxed.tax\")) double all(double t);\n");
    ck_assert_str_eq(nodes(), "x us.taxed.tax(x) us.net(us.taxed.tax) us(us.net) "
                              "all(us.taxed.tax) us.taxed(us.taxed.tax)");
}
END_TEST

static const char regional[] =
        "HM_WHEN(region, us) double tax__us(double price);\n"
        "HM_WHEN(region, eu) double tax__eu(double price, double vat);\n"
        "HM_OTHERWISE double tax__none(double nothing);\n";

START_TEST(config_inside_goes_before_config_around) {
    library("tax.c", regional);
    add("o.c", "HM_SUBDAG(\"tax.c\", HM_CONFIG(region, us)) double us(double tax);\n"
               "HM_SUBDAG(\"tax.c\", HM_CONFIG(region, \"mars\"))\n"
               "double mars(double tax);\n"
               "HM_SUBDAG(\"tax.c\", HM_VALUE(vat, 0.2)) double any(double tax);\n");
    hm_graph_trial_config(&trial, "region", hm_value_string("eu"));
    ck_assert_str_eq(nodes(), "price nothing us.tax(price) us(us.tax) "
                              "mars.tax(nothing) mars(mars.tax) any.tax(price,-) "
                              "any(any.tax)");
}
END_TEST

START_TEST(a_subdag_inside_has_the_config_of_the_one_around) {
    library("tax.c", regional);
    library("shop.c", "HM_SUBDAG(\"tax.c\") double net(double tax);\n");
    add("o.c", "HM_SUBDAG(\"shop.c\", HM_CONFIG(region, us)) double us(double net);\n");
    ck_assert_str_eq(nodes(), "price us.net.tax(price) us.net(us.net.tax) us(us.net)");
}
END_TEST

START_TEST(config_supplies_inputs_inside) {
    library("shop.c", "double price(double rate, const char *region, bool big);\n"
                      "HM_WHEN(region, us) double tax(double price);\n");
    add("o.c", "HM_SUBDAG(\"shop.c\", HM_CONFIG(region, us), HM_CONFIG(rate, 3),\n"
               "HM_CONFIG(big, true)) double us(double tax);\n");
    ck_assert_str_eq(nodes(), "us.price(-,-,-) us.tax(us.price) us(us.tax)");
    const char *region;
    memcpy(&region, node("us.price").function->parameters[1].default_value,
            sizeof region);
    ck_assert_str_eq(region, "us");
}
END_TEST

START_TEST(config_replaces_and_supplies_by_dotted_names) {
    library("shop.c", shop);
    add("o.c", "HM_SUBDAG(\"shop.c\") double us(double price, double fee);\n");
    hm_graph_trial_config(&trial, "us.cost", hm_value_double(2));
    hm_graph_trial_config(&trial, "us.fee", hm_value_double(1));
    hm_graph_trial_config(&trial, "price", hm_value_double(1));
    ck_assert_str_eq(hm_graph_trial_build(&trial),
            "warning: nothing reads the config key `price`\n");
    ck_assert_str_eq(hm_graph_trial_nodes(&trial), "us.cost us.fee us.price(us.cost) "
                                                   "us(us.price,us.fee)");
    ck_assert(node("us.cost").is_config && node("us.fee").is_config);
}
END_TEST

START_TEST(the_function_may_be_a_variant) {
    library("shop.c", shop);
    add("o.c", "HM_WHEN(region, us) HM_SUBDAG(\"shop.c\", HM_VALUE(rate, 1))\n"
               "double local__us(double price);\n"
               "HM_OTHERWISE HM_SUBDAG_AS(local, \"shop.c\", HM_VALUE(rate, 2))\n"
               "HM_SUBDAG_AS(far, \"shop.c\", HM_VALUE(rate, 3))\n"
               "double local__other(double cost);\n");
    ck_assert_str_eq(nodes(), "base local.cost(base,-) local(local.cost) "
                              "far.cost(base,-) far(far.cost) local.price(local.cost) "
                              "far.price(far.cost)");
    hm_graph_trial_config(&trial, "region", hm_value_string("us"));
    ck_assert_str_eq(nodes(), "base local.cost(base,-) local.price(local.cost) "
                              "local(local.price)");
}
END_TEST

START_TEST(modifiers_inside_work_in_the_namespace) {
    library("in.c", "struct day { int low; int high; };\n"
                    "HM_PARAMETERIZE(a, HM_SOURCE(x, b), HM_VALUE(y, 1))\n"
                    "HM_PARAMETERIZE(b, HM_SOURCE(x, z))\n"
                    "double f(double x, double y);\n"
                    "HM_EXTRACT_FIELDS() struct day day(double a);\n");
    add("o.c", "HM_SUBDAG(\"in.c\", HM_VALUE(z, 4)) double s(double b, int low);\n");
    ck_assert_str_eq(nodes(), "y s.b(-,y) s.a(s.b,-) s.day(s.a) s.low(s.day) "
                              "s(s.b,s.low) s.high(s.day)");
}
END_TEST

START_TEST(whole_arrays_go_through) {
    library("in.c", "double mean(size_t n, const double x[n]);\n"
                    "void diff(size_t n, const double x[n], double mean, double "
                    "out[n]);\n");
    add("o.c", "HM_SUBDAG(\"in.c\", HM_SOURCE(x, spend))\n"
               "double top(size_t n, const double diff[n]);\n");
    ck_assert_str_eq(nodes(), "spend top.mean(spend) top.diff(spend,top.mean) "
                              "top(top.diff)");
    ck_assert(node("top.diff").is_array);
}
END_TEST

START_TEST(the_module_is_found_from_the_file_of_the_function) {
    library("a/lib/in.c", "double x(double p);\n");
    library("b/lib/in.c", "double x(double q);\n");
    add("a/o.c", "HM_SUBDAG(\"./lib/in.c\") double s(double x);\n"
                 "HM_SUBDAG(\"../b/none/../lib/in.c\") double t(double x);\n");
    ck_assert_str_eq(nodes(), "p q s.x(p) s(s.x) t.x(q) t(t.x)");
}
END_TEST

START_TEST(or_by_its_name_alone_where_it_came_from_elsewhere) {
    library("/built/lib/in.c", "double x(double p);\n");
    add("o.c", "HM_SUBDAG(\"lib/in.c\") double s(double x);\n");
    ck_assert_str_eq(nodes(), "p s.x(p) s(s.x)");
    library("/other/lib/in.c", "double x(double q);\n");
    expect("o.c:1: HM_SUBDAG of `s`: `lib/in.c` can be /built/lib/in.c and "
           "/other/lib/in.c; write more of its path\n");
}
END_TEST

START_TEST(a_module_with_nodes_of_its_own_may_be_taken) {
    add("in.c", "double x(double p);\n");
    add("o.c", "HM_SUBDAG(\"in.c\", HM_SOURCE(p, x)) double s(double x);\n");
    ck_assert_str_eq(nodes(), "p x(p) s.x(x) s(s.x)");
}
END_TEST

START_TEST(a_later_module_replaces_a_subdag_with_all_its_nodes) {
    library("one.c", "double x(double p);\n");
    library("two.c", "double y(double q);\n");
    add("a.c", "HM_SUBDAG(\"one.c\") double s(double x);\n");
    add("b.c", "HM_SUBDAG(\"two.c\") double s(double y);\n");
    trial.options.allow_overrides = true;
    ck_assert_str_eq(nodes(), "q s.y(q) s(s.y)");
    trial.options.allow_overrides = false;
    expect("b.c:1: `s` is defined twice: at a.c:1 and at b.c:1; rename one of them, or "
           "allow overrides\n");
}
END_TEST

START_TEST(versions_know_what_is_bound) {
    library("shop.c", shop);
    add("o.c", "HM_SUBDAG_AS(a, \"shop.c\", HM_VALUE(rate, 1))\n"
               "HM_SUBDAG_AS(b, \"shop.c\", HM_VALUE(rate, 2))\n"
               "HM_SUBDAG_AS(c, \"shop.c\", HM_VALUE(rate, 1))\n"
               "HM_SUBDAG_AS(d, \"shop.c\", HM_SOURCE(rate, base))\n"
               "HM_SUBDAG_AS(e, \"shop.c\")\n"
               "double us(double price);\n");
    ((hm_function *)trial.libraries[0]->functions)[0].version = "1";
    ((hm_function *)trial.libraries[0]->functions)[1].version = "2";
    nodes();
    const char *a = node("a.cost").function->version;
    ck_assert_str_eq(a, node("c.cost").function->version);
    ck_assert_str_ne(a, node("b.cost").function->version);
    ck_assert_str_ne(a, node("d.cost").function->version);
    ck_assert_str_eq(node("e.cost").function->version, "1");
    ck_assert_str_eq(node("a.price").function->version, "2");
}
END_TEST

// What is wrong with o.c, which takes shop.c and tax.c.
static const struct {
    const char *text;
    const char *fault;
} refused[] = {
        {"HM_SUBDAG(\"shpo.c\") double s(double price);\n",
                "o.c:1: HM_SUBDAG of `s`: no module is made from `shpo.c`; did you "
                "mean "
                "`shop.c`?\n"},
        {"HM_SUBDAG(\"other/things.c\") double s(double price);\n",
                "o.c:1: HM_SUBDAG of `s`: no module is made from `other/things.c`; add "
                "the module to the driver's modules or libraries\n"},
        {"HM_SUBDAG(\"shop.c\", HM_VALUE(rte, 1)) double s(double price);\n",
                "o.c:1: HM_SUBDAG of `s`: nothing in shop.c takes `rte`; did you mean "
                "`rate`?\n"},
        {"HM_SUBDAG(\"tax.c\", HM_CONFIG(reigon, us)) double s(double tax);\n",
                "o.c:1: HM_SUBDAG of `s`: nothing in tax.c takes `reigon`; did you "
                "mean "
                "`region`?\n"},
        {"HM_SUBDAG(\"shop.c\", HM_SOURCE(cost, x)) double s(double price);\n",
                "o.c:1: HM_SUBDAG of `s`: `cost` is no input inside, but the node "
                "`s.cost` (shop.c:1); bind an input, or choose between variants by "
                "HM_CONFIG\n"},
        {"HM_SUBDAG(\"shop.c\", HM_CONFIG(cost, 1)) double s(double price);\n",
                "o.c:1: HM_SUBDAG of `s`: `cost` is no input inside, but the node "
                "`s.cost` (shop.c:1); give the key another name than a node's\n"},
        {"HM_SUBDAG(\"shop.c\", HM_VALUE(rate, \"x\")) double s(double price);\n",
                "o.c:1: HM_SUBDAG of `s`: `rate` is x, but `s.cost` (shop.c:1) takes "
                "it "
                "as double; write a literal that `double` can hold\n"},
        {"HM_SUBDAG(\"o.c\") double s(double price);\n",
                "o.c:1: HM_SUBDAG of `s`: modules take each other in a circle: o.c -> "
                "o.c; let one of them take less\n"},
        {"HM_SUBDAG(\"ring.c\") double s(double price);\n",
                "round.c:1: HM_SUBDAG of `q`: modules take each other in a circle: "
                "ring.c -> round.c -> ring.c; let one of them take less\n"},
        {"HM_SUBDAG(\"shop.c\") void a(double price, double *x);\n"
         "HM_SUBDAG(\"shop.c\", HM_SOURCE(base, s)) double s(double price);\n",
                "o.c:2: nodes need each other in a circle: s -> s.cost -> s.price -> s "
                "(s at o.c:2, s.cost at shop.c:1, s.price at shop.c:2); let one of "
                "them "
                "take something else\n"},
};

START_TEST(mistakes_are_told) {
    library("shop.c", shop);
    library("tax.c", regional);
    library("ring.c", "HM_SUBDAG(\"round.c\") double r(double q);\n");
    library("round.c", "HM_SUBDAG(\"ring.c\") double q(double r);\n");
    add("o.c", refused[_i].text);
    expect(refused[_i].fault);
}
END_TEST

// What is wrong with the modifiers of f.
static const struct {
    const char *text;
    const char *fault;
} malformed[] = {
        {"HM_SUBDAG(shop) double f(double x);\n",
                "HM_SUBDAG of `f`: it does not name the file of a module in quotes; "
                "write HM_SUBDAG(\"module.c\", ...)"},
        {"HM_SUBDAG_AS(\"shop.c\", a) double f(double x);\n",
                "HM_SUBDAG_AS of `f`: it does not name a node and the file of a module "
                "in quotes; write HM_SUBDAG_AS(node, \"module.c\", ...)"},
        {"HM_SUBDAG(\"shop.c\", rate) double f(double x);\n",
                "HM_SUBDAG of `f`: `rate` is none of what it takes; write "
                "HM_SOURCE(input, node), HM_VALUE(input, literal), HM_CONFIG(key, "
                "literal) or HM_EXTERNAL(parameter)"},
        {"HM_SUBDAG(\"shop.c\", HM_VALUE(rate)) double f(double x);\n",
                "HM_SUBDAG of `f`: its `value` has 1 argument; write HM_VALUE(input, "
                "literal)"},
        {"HM_SUBDAG(\"shop.c\", HM_SOURCE(rate, 3)) double f(double x);\n",
                "HM_SUBDAG of `f`: `3` is no name; write HM_SOURCE(input, node)"},
        {"HM_SUBDAG(\"shop.c\", HM_VALUE(a, 1), HM_SOURCE(a, b)) double f(double x);\n",
                "HM_SUBDAG of `f`: `a` is bound twice; keep one of them"},
        {"HM_SUBDAG(\"shop.c\", HM_CONFIG(a, 1), HM_VALUE(a, b)) double f(double x);\n",
                "HM_SUBDAG of `f`: `a` is a config key and an input that is bound; "
                "keep "
                "HM_CONFIG, which is an input too"},
        {"HM_SUBDAG(\"shop.c\", HM_EXTERNAL(facter)) double f(double factor);\n",
                "HM_SUBDAG of `f`: HM_EXTERNAL names `facter`, which it does not take; "
                "did you mean `factor`?"},
        {"HM_SUBDAG(\"shop.c\") HM_PARAMETERIZE(a) double f(double x);\n",
                "HM_SUBDAG of `f`: it has HM_PARAMETERIZE as well; write "
                "HM_SUBDAG_AS(node, ...) once for each node"},
        {"HM_SUBDAG(\"shop.c\") HM_SUBDAG_AS(a, \"shop.c\") double f(double x);\n",
                "HM_SUBDAG_AS of `f`: it has HM_SUBDAG as well; keep HM_SUBDAG_AS "
                "alone, once for each node"},
        {"HM_SUBDAG_AS(a, \"shop.c\") void f(double x, double *y);\n",
                "HM_SUBDAG_AS of `f`: it makes `y`, which is not called as the "
                "function; let it make one thing, returned or called `out`"},
        {"HM_SUBDAG_AS(a, \"shop.c\") HM_SUBDAG_AS(a, \"tax.c\") double f(double x);\n",
                "two nodes of its HM_SUBDAG_AS are called `a`; rename one of them"},
        {"HM_SUBDAG(\"a.c\") HM_SUBDAG(\"b.c\") double f(double x);\n",
                "HM_SUBDAG stands twice; keep one of them"},
};

START_TEST(malformed_modifiers_are_refused) {
    add("o.c", malformed[_i].text);
    char expected[1024];
    snprintf(expected, sizeof expected, "o.c:1: function `f` of module `o`: %s\n",
            malformed[_i].fault);
    expect(expected);
    ck_assert_int_eq(trial.status, HM_BAD_MODULE);
}
END_TEST

START_TEST(a_binding_may_be_for_a_variant_that_is_not_there) {
    library("tax.c", regional);
    add("o.c", "HM_SUBDAG(\"tax.c\", HM_VALUE(vat, 0.2)) double s(double tax);\n");
    hm_graph_trial_config(&trial, "region", hm_value_string("us"));
    ck_assert_str_eq(nodes(), "price s.tax(price) s(s.tax)");
}
END_TEST

START_TEST(libraries_are_checked) {
    trial.options.library_count = 1;
    trial.libraries[0] = NULL;
    expect("library 1 of 1 is NULL\n");
    trial.options.libraries = NULL;
    expect("libraries are counted, but there is no list of them\n");
}
END_TEST

START_TEST(memory_may_run_out_anywhere) {
    library("tax.c", regional);
    library("shop.c", "double price(double base);\n"
                      "HM_SUBDAG(\"tax.c\", HM_SOURCE(nothing, fee)) double net(double "
                      "tax);\n");
    add("o.c", "HM_SUBDAG_AS(us, \"shop.c\", HM_CONFIG(region, us))\n"
               "HM_SUBDAG_AS(eu, \"shop.c\", HM_CONFIG(region, eu), HM_VALUE(vat, 2))\n"
               "HM_SUBDAG_AS(no, \"./shop.c\", HM_VALUE(fee, 2), HM_EXTERNAL(y))\n"
               "double s(double net, double y, double z);\n");
    for (size_t fail_at = 1;; fail_at++) {
        hm_failing_allocator failing;
        hm_failing_allocator_init(&failing);
        failing.fail_at = fail_at;
        trial.options.allocator = &failing.allocator;
        hm_error error;
        hm_faults faults = {.error = &error};
        hm_graph *graph = NULL;
        hm_status status = hm_graph_create(&trial.options, &graph, &faults);
        bool is_complete = failing.calls < fail_at;
        ck_assert_int_eq(status, is_complete ? HM_OK : HM_NO_MEMORY);
        hm_graph_destroy(graph);
        ck_assert_uint_eq(failing.live, 0);
        if (is_complete) {
            break;
        }
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("graph/subdag");
    TCase *tests = tcase_create("subdag");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, nodes_have_the_namespace_and_the_function_reads_inside);
    tcase_add_test(tests, code_is_shared_by_all_that_take_it);
    tcase_add_test(tests, inputs_are_bound_to_nodes_around_and_to_literals);
    tcase_add_test(tests, what_the_function_takes_is_inside_unless_it_is_external);
    tcase_add_test(tests, an_injected_parameter_is_looked_up_inside_too);
    tcase_add_test(tests, steps_before_the_function_begin_inside_and_stand_outside);
    tcase_add_test(tests, a_name_that_nothing_binds_is_looked_up_around);
    tcase_add_test(tests, nodes_inside_are_taken_by_their_dotted_names);
    tcase_add_test(tests, config_inside_goes_before_config_around);
    tcase_add_test(tests, a_subdag_inside_has_the_config_of_the_one_around);
    tcase_add_test(tests, config_supplies_inputs_inside);
    tcase_add_test(tests, config_replaces_and_supplies_by_dotted_names);
    tcase_add_test(tests, the_function_may_be_a_variant);
    tcase_add_test(tests, modifiers_inside_work_in_the_namespace);
    tcase_add_test(tests, whole_arrays_go_through);
    tcase_add_test(tests, the_module_is_found_from_the_file_of_the_function);
    tcase_add_test(tests, or_by_its_name_alone_where_it_came_from_elsewhere);
    tcase_add_test(tests, a_module_with_nodes_of_its_own_may_be_taken);
    tcase_add_test(tests, a_later_module_replaces_a_subdag_with_all_its_nodes);
    tcase_add_test(tests, versions_know_what_is_bound);
    tcase_add_loop_test(tests, mistakes_are_told, 0, sizeof refused / sizeof *refused);
    tcase_add_loop_test(tests, malformed_modifiers_are_refused, 0,
            sizeof malformed / sizeof *malformed);
    tcase_add_test(tests, a_binding_may_be_for_a_variant_that_is_not_there);
    tcase_add_test(tests, libraries_are_checked);
    tcase_add_test(tests, memory_may_run_out_anywhere);
    suite_add_tcase(suite, tests);
    return suite;
}
