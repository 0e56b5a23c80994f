// modifiers.h — what can be said of a function or parameter beyond its declaration.
// This file includes nothing and works alone: under clang a modifier becomes an
// annotation that `hamilton reflect` reads, for every other compiler it is empty.
//
//     HM_TAG(owner, "growth") HM_WHEN(region, us, canada)
//     double price__north(double cost, HM_DEFAULT(0.1) double margin) { ... }
//
// Arguments are C literals, names, or macros that expand to literals; keys and names
// may stand with or without quotes.

#ifndef HAMILTON_MODIFIERS_H
#define HAMILTON_MODIFIERS_H

// The annotation carries what was written and what it expands to: `name`, the spelling
// and the expansion, with form feeds between.
#if defined(__clang__)
#define HM_MODIFIER_TEXT(...) #__VA_ARGS__
#define HM_MODIFIER(name, spelled, ...)                                                \
    __attribute__((                                                                    \
            annotate("hm\f" name "\f" spelled "\f" HM_MODIFIER_TEXT(__VA_ARGS__))))
#else
#define HM_MODIFIER(name, spelled, ...)
#endif

/// Not a node, although it has external linkage.
#define HM_EXCLUDE HM_MODIFIER("exclude", "", )

/// On a parameter: the value used when neither a node nor an input supplies it.
#define HM_DEFAULT(...) HM_MODIFIER("default", #__VA_ARGS__, __VA_ARGS__)

/// On an array parameter that is of no floating type: elements may be missing, which
/// the function looks up by hm_validity() of <hamilton/node.h>.
#define HM_NULLABLE HM_MODIFIER("nullable", "", )

/// On a parameter `const T *` or `const char *` of one value: in a run that keeps going
/// the function is called although the node failed that it takes, or was skipped; the
/// parameter is NULL then.
#define HM_ACCEPT_FAILED HM_MODIFIER("accept_failed", "", )

/// A key and one or more values, for queries by driver and command line.
#define HM_TAG(...) HM_MODIFIER("tag", #__VA_ARGS__, __VA_ARGS__)

/// The same for one node of those that a function makes: an output, a field, a node of
/// HM_PARAMETERIZE. It goes before what HM_TAG says of the same key.
#define HM_TAG_OUTPUT(...) HM_MODIFIER("tag_output", #__VA_ARGS__, __VA_ARGS__)

/// On a parameter, or on a function for its own output: an int64_t that is a date or
/// time and counts s, ms, us, ns or day.
#define HM_TIME(...) HM_MODIFIER("time", #__VA_ARGS__, __VA_ARGS__)

/// The node exists when config's key equals one of the values; an absent key does not.
#define HM_WHEN(...) HM_MODIFIER("when", #__VA_ARGS__, __VA_ARGS__)

/// The node exists when config's key equals none of the values. An absent key passes.
#define HM_WHEN_NOT(...) HM_MODIFIER("when_not", #__VA_ARGS__, __VA_ARGS__)

/// The variant that exists when no other variant of the same node does.
#define HM_OTHERWISE HM_MODIFIER("otherwise", "", )

/// The name of the node, for a variant whose function is called otherwise.
#define HM_NAME(...) HM_MODIFIER("name", #__VA_ARGS__, __VA_ARGS__)

/// Writes a global or a static local on purpose: never cached, its threads are its own
/// concern.
#define HM_STATEFUL HM_MODIFIER("stateful", "", )

/// What a cache of <hamilton/cache.h> does about the node: recompute (it is computed
/// each time, and kept for others), disable (it is computed each time and not kept),
/// ignore (likewise, and nothing that follows depends on what it is) or default.
#define HM_CACHE(...) HM_MODIFIER("cache", #__VA_ARGS__, __VA_ARGS__)

/// On a function that makes a struct: each field, or each that is named, is a node too.
#define HM_EXTRACT_FIELDS(...) HM_MODIFIER("extract_fields", #__VA_ARGS__, __VA_ARGS__)

/// Binds parameters: HM_SOURCE(parameter, node) takes it from the node or input of that
/// name, HM_VALUE(parameter, literal) sets it to the literal for good, and
/// HM_GROUP(parameter, a, b, 4) fills an array with nodes, inputs and literals.
#define HM_INJECT(...) HM_MODIFIER("inject", #__VA_ARGS__, __VA_ARGS__)

/// Once for each node that the function makes, in place of one of its own name: what
/// the node is called, and bindings as of HM_INJECT. In its doc comment `{parameter}`
/// and `{output_name}` are filled in.
#define HM_PARAMETERIZE(...) HM_MODIFIER("parameterize", #__VA_ARGS__, __VA_ARGS__)

/// The same, as config has it when the graph is built: its key is a JSON object
/// {"node": {"parameter": "a node" or 3 or true or {"value": "text"} or [a group]}}.
#define HM_PARAMETERIZE_FROM_CONFIG(...)                                               \
    HM_MODIFIER("parameterize_from_config", #__VA_ARGS__, __VA_ARGS__)

/// The function is made inside the graph of another module, whose file is named from
/// where this one is: HM_SUBDAG("pricing.c", ...) on `us` makes nodes us.cost, us.price
/// and so on of the module's functions, and `us` of the function, whose parameters are
/// looked up among them. Further arguments: HM_SOURCE(input, node) and
/// HM_VALUE(input, literal) bind what the functions take and none of them makes; else
/// it is looked up where this function stands. HM_CONFIG(key, literal) is config
/// inside, and an input, before the config outside. HM_EXTERNAL(parameter, ...): this
/// function takes it from outside.
#define HM_SUBDAG(...) HM_MODIFIER("subdag", #__VA_ARGS__, __VA_ARGS__)

/// The same, once for each node that the function makes, in place of one of its own
/// name: what the node and the namespace are called, then as HM_SUBDAG. In its doc
/// comment `{output_name}` and what is bound are filled in.
#define HM_SUBDAG_AS(...) HM_MODIFIER("subdag_as", #__VA_ARGS__, __VA_ARGS__)

/// A chain of functions between a parameter and the node or input of its name:
/// HM_STEP(function, binding..., HM_IF(key, value)). What the parameter would take goes
/// into the first parameter of the first step that no binding (see HM_INJECT) is for,
/// what each step makes into the next. A step under HM_IF or HM_IF_NOT takes part as a
/// function under HM_WHEN or HM_WHEN_NOT does. The steps are the nodes
/// `function.with_STEP`, or what HM_AS(name) in HM_STEP calls them.
#define HM_PIPE_INPUT(...) HM_MODIFIER("pipe_input", #__VA_ARGS__, __VA_ARGS__)

/// The same behind what the function makes, which is then the node `function.raw`: the
/// last step makes the function's node.
#define HM_PIPE_OUTPUT(...) HM_MODIFIER("pipe_output", #__VA_ARGS__, __VA_ARGS__)

/// Not a node, but a step behind those of another function of this file, the first
/// argument, as by HM_PIPE_OUTPUT; then bindings and conditions as of HM_STEP. What
/// several make of one node, they do in the order in which they are defined.
#define HM_MUTATE(...) HM_MODIFIER("mutate", #__VA_ARGS__, __VA_ARGS__)

/// A parameter takes what a data format has: HM_LOAD_FROM(csv, parameter,
/// HM_VALUE(path, "sales.csv"), ...), where HM_VALUE(its_parameter, literal) and
/// HM_SOURCE(its_parameter, node) say where the data are. `function.select_data.
/// parameter` is the node that the parameter takes, `function.load_data.parameter` is
/// its struct hm_metadata of <hamilton/metadata.h>. Of a table the column of the
/// parameter's name is loaded, or the one of HM_VALUE(column, "name"); if the parameter
/// is a struct, each field is. A parameter that is one value is mapped over its column.
/// docs/adapters/loaders.md has the formats.
#define HM_LOAD_FROM(...) HM_MODIFIER("load_from", #__VA_ARGS__, __VA_ARGS__)

/// On a function that loads data itself: it makes them as any function does, as `out`,
/// and beside them a `struct hm_metadata *metadata` of <hamilton/metadata.h>, which is
/// the node `function.loader`. It is called in every run, unless HM_CACHE says
/// otherwise; what follows is found in a cache by what it loaded.
#define HM_LOADER HM_MODIFIER("loader", "", )

/// On a function that saves what it takes itself, and makes the struct hm_metadata of
/// it. It is called in every run that asks for it.
#define HM_SAVER HM_MODIFIER("saver", "", )

/// What the function makes is saved in a data format, whole and behind all else that
/// stands on the function, by the node `save.function`, or what HM_AS(name) calls it:
/// HM_SAVE_TO(json, HM_VALUE(path, "sales.json")). It is a struct hm_metadata.
#define HM_SAVE_TO(...) HM_MODIFIER("save_to", #__VA_ARGS__, __VA_ARGS__)

/// On a declaration without a definition: the function named implements it. Its
/// parameters are those of the same names, unless HM_SOURCE(its, mine), HM_VALUE(its,
/// literal) or HM_GROUP(its, mine, mine, ...) says otherwise.
#define HM_DOES(...) HM_MODIFIER("does", #__VA_ARGS__, __VA_ARGS__)

/// On a function of whole arrays that makes one value, a T: it may be called for chunks
/// of its arrays, and `T combine(T, T)` makes one of what was made of two parts of
/// them, the second of which follows the first. Chunks are of 4,096 rows, the last one
/// of what is left, and combined from the first to the last: the value has the same
/// bits, whatever the number of workers, the length of blocks and the machine's load.
/// Arrays of up to 4,096 rows, and empty ones, are one call.
#define HM_REDUCE(...) HM_MODIFIER("reduce", #__VA_ARGS__, __VA_ARGS__)

/// On a prototype, which stays without a body: the node takes one of the function's
/// other parameters, the branches, by the value of the one that is named. Text is a
/// branch's name; false, true, the enumerators and 0, 1, 2 ... stand for the branches
/// in their order; HM_SWITCH(parameter, value, ...) names the value of each itself. All
/// branches are of the type that the function returns. Where one value chooses among
/// single values, nodes that only other branches need are not run.
#define HM_SWITCH(...) HM_MODIFIER("switch", #__VA_ARGS__, __VA_ARGS__)

/// Checks of the node that is named as the function, of its one value or of all rows.
/// They are nodes: `f_range`, a second one `f_range_1`, each a struct hm_check_result
/// of <hamilton/check.h>; `f_checks` has all of them, and `f_raw` is what was checked.
/// The last argument is `fail`, where f fails if a check does not pass, or `warn`,
/// where it is told. All checks of a node are made. Missing values, NaN included, are
/// not looked at, unless it says so.
///
/// From low to high, both included.
#define HM_CHECK_RANGE(...) HM_MODIFIER("check_range", #__VA_ARGS__, __VA_ARGS__)

/// Of floating values: neither infinite nor NaN.
#define HM_CHECK_FINITE(...) HM_MODIFIER("check_finite", #__VA_ARGS__, __VA_ARGS__)

/// One of these values: HM_CHECK_VALUES_IN(1, 2, 3, fail).
#define HM_CHECK_VALUES_IN(...)                                                        \
    HM_MODIFIER("check_values_in", #__VA_ARGS__, __VA_ARGS__)

/// At most this fraction of them is missing: 0 for none.
#define HM_CHECK_MAX_NAN_FRACTION(...)                                                 \
    HM_MODIFIER("check_max_nan_fraction", #__VA_ARGS__, __VA_ARGS__)

/// The standard deviation of the sample is at most this; fewer than two values pass.
#define HM_CHECK_MAX_STD_DEV(...)                                                      \
    HM_MODIFIER("check_max_std_dev", #__VA_ARGS__, __VA_ARGS__)

/// The mean is from low to high; that of no values is.
#define HM_CHECK_MEAN_IN_RANGE(...)                                                    \
    HM_MODIFIER("check_mean_in_range", #__VA_ARGS__, __VA_ARGS__)

/// What a function of the module says, `bool valid(T)` of one value, or `bool
/// valid(size_t n, const T x[n])` of all rows or an array, which cannot fail:
/// HM_CHECK(valid, fail), whose node is f_valid.
#define HM_CHECK(...) HM_MODIFIER("check", #__VA_ARGS__, __VA_ARGS__)

/// Of strings: the text is in each of them.
#define HM_CHECK_CONTAINS(...) HM_MODIFIER("check_contains", #__VA_ARGS__, __VA_ARGS__)

/// On `void f(T *)`: how the engine destroys a T that a function gave it. Not a node.
#define HM_DESTROYS HM_MODIFIER("destroys", "", )

/// On `int f(const T *, FILE *)`: writes a T, for a cache; 0 is success. Not a node.
#define HM_WRITES HM_MODIFIER("writes", "", )

/// On `T *f(FILE *)`: makes a T of what was written, or NULL if it cannot. Not a node.
#define HM_READS HM_MODIFIER("reads", "", )

/// On `uint64_t f(const T *)`: what a T is, in place of what HM_WRITES writes: equal
/// for those that functions cannot tell apart, and for no others. Not a node.
#define HM_HASHES HM_MODIFIER("hashes", "", )

#endif
