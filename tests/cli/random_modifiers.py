#!/usr/bin/env python3
"""random_modifiers.py HAMILTON SCRATCH — random modules with random modifiers, against an
expander of a few lines: the same nodes, edges, tags and values for several
configurations. The modules go through the real command line.

A few seeds in every suite; HM_TEST_LONG=1 does many, HM_TEST_SEED one.
"""

import json
import os
import random
import subprocess
import sys

KEYS = {"region": ["us", "de", "fr"], "kind": [1, 2], "open": [True, False]}
ROWS = 3


def spell(value):
    """A literal or name as C and modifiers have it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


class Function:
    """What one C function says, and what it makes under a configuration."""

    def __init__(self, name):
        self.name = name  # in C
        self.node = name
        self.conditions = []  # (key, values, wanted)
        self.otherwise = False
        self.given_name = False
        self.parameters = []  # (name, default or None), or (name, "array")
        self.weights = []
        self.copies = None  # [(node, {parameter: binding})]
        self.config_key = None
        self.inject = None
        self.fields = None  # struct members
        self.extracted = []
        self.tags = {}
        self.output_tags = []  # (node, key, value)
        self.steps = []  # (weight, key, value, function): behind the output
        self.mutators = 0  # how many of these are functions of their own, the last ones
        self.piped = None  # a parameter, and steps before it

    def exists(self, config):
        return all((config.get(key) in values and key in config) == wanted
                   for key, values, wanted in self.conditions)

    def bindings(self, config):
        if self.config_key:
            return list(config[self.config_key].items())
        if self.copies is not None:
            return self.copies
        return [(self.node, self.inject or {})]


def step_nodes(node, steps, config):
    """The names of the steps that are there, and these. All count for the names."""
    names, there, seen = [], [], {}
    for step in steps:
        count = seen[step[3]] = seen.get(step[3], -1) + 1
        if step[1] is None or config.get(step[1]) == step[2]:
            names.append("%s.with_%s%s" % (node, step[3], "_%d" % count if count else ""))
            there.append(step)
    return names, there


def chain_nodes(node, steps, config):
    """The names from the function to the last step, and the steps that are there."""
    names, there = step_nodes(node, steps, config)
    return ([node + ".raw"] + names + [node] if there else [node]), there


class Writer:
    def __init__(self, rng):
        self.rng = rng
        self.names = ["i%d" % i for i in range(4)]  # inputs first
        self.functions = []
        self.config_nodes = {}  # key -> {node: bindings}
        self.count = 0

    def fresh(self, prefix):
        self.count += 1
        return "%s%d" % (prefix, self.count)

    def bind(self, parameters):
        bound = {}
        for name, kind in parameters:
            if kind == "array":
                bound[name] = [self.rng.choice([("source", self.rng.choice(self.names)),
                                                ("value", self.rng.randint(-9, 9))])
                               for _ in range(self.rng.randint(1, 3))]
            elif self.rng.random() < 0.6:
                bound[name] = self.rng.choice([("source", self.rng.choice(self.names)),
                                               ("value", self.rng.randint(-9, 9))])
        return bound

    def add(self, name, node, conditions=(), otherwise=False, given_name=False,
            may_expand=True):
        rng = self.rng
        f = Function(name)
        f.node, f.given_name, f.otherwise = node, given_name, otherwise
        f.conditions = list(conditions)
        for parameter in rng.sample(self.names, rng.randint(1, 3)):
            f.parameters.append((parameter, rng.choice([None, None, rng.randint(-5, 5)])))
        form = rng.choice(["plain", "copies", "config", "inject", "struct", "array", "steps"])
        if not may_expand and form in ("copies", "config", "struct", "steps"):
            form = "plain"
        if form == "array":
            f.parameters.append((self.fresh("x"), "array"))
        f.weights = [rng.randint(-3, 3) for _ in f.parameters] + [rng.randint(-9, 9)]
        made = [node]
        if form == "copies":
            f.copies = [(self.fresh("p"), self.bind(f.parameters))
                        for _ in range(rng.randint(1, 3))]
            made = [copy for copy, _ in f.copies]
        elif form == "config":
            f.config_key = self.fresh("key")
            self.config_nodes[f.config_key] = {
                self.fresh("c"): self.bind(f.parameters) for _ in range(rng.randint(0, 2))}
            made = list(self.config_nodes[f.config_key])
        elif form in ("inject", "array"):
            f.inject = self.bind(f.parameters)
        elif form == "struct":
            f.fields = [self.fresh("m") for _ in range(2)]
            f.extracted = f.fields[: rng.randint(1, 2)]
            made = f.extracted
        elif form == "steps":
            f.steps = self.make_steps() + [
                (rng.randint(-3, 3), None, None, self.fresh("m"))
                for _ in range(rng.choice([0, 0, 1, 2]))]
            f.mutators = sum(step[3] != "step" for step in f.steps)
        if form in ("plain", "copies") and may_expand and rng.random() < 0.5:
            self.pipe_input(f)
        if rng.random() < 0.4:
            f.tags["owner"] = rng.choice(["ads", "maps"])
        if rng.random() < 0.4 and made and not f.steps and not f.config_key:
            f.output_tags.append((rng.choice(made), "owner", rng.randint(1, 5)))
        self.functions.append(f)
        return made

    def make_steps(self):
        rng = self.rng
        return [(rng.randint(-3, 3), None if rng.random() < 0.5 else "kind",
                 rng.choice(KEYS["kind"]), "step") for _ in range(rng.randint(1, 3))]

    def pipe_input(self, f):
        name, default = f.parameters[0]
        bound = [copy[1].get(name, ("source",)) for copy in f.copies or []]
        if default is None and all(to[0] == "source" for to in bound):
            f.piped = (name, self.make_steps())

    def add_variants(self):
        rng = self.rng
        node = self.fresh("v")
        key = rng.choice(list(KEYS))
        for i in range(rng.randint(1, 3)):
            conditions = [(key, rng.sample(KEYS[key], rng.randint(1, 2)), rng.random() < 0.7)]
            if rng.random() < 0.3:
                other = rng.choice([k for k in KEYS if k != key])
                conditions.append((other, rng.sample(KEYS[other], 1), rng.random() < 0.5))
            given = rng.random() < 0.5
            name = self.fresh("f") if given else "%s__w%d" % (node, i)
            self.add(name, node, conditions, given_name=given, may_expand=False)
        if rng.random() < 0.6:
            self.add(node + "__rest", node, otherwise=True, may_expand=False)
        return [node]

    def module(self):
        for _ in range(8):
            if self.rng.random() < 0.35:
                made = self.add_variants()
            else:
                node = self.fresh("f")
                made = self.add(node, node)
            self.names += made


def write_bindings(bound):
    texts = []
    for parameter, to in bound.items():
        if isinstance(to, list):
            texts.append("HM_GROUP(%s, %s)" % (parameter, ", ".join(spell(m[1]) for m in to)))
        else:
            texts.append("HM_%s(%s, %s)" % (to[0].upper(), parameter, spell(to[1])))
    return texts


def write_steps(steps):
    return ", ".join(
        "HM_STEP(step, HM_VALUE(weight, %d)%s)" %
        (weight, "" if key is None else ", HM_IF(%s, %s)" % (key, spell(value)))
        for weight, key, value, _ in steps)


def write_modifiers(f, rng):
    said = ["HM_%s(%s, %s)" % ("WHEN" if wanted else "WHEN_NOT", key,
                               ", ".join(spell(v) for v in values))
            for key, values, wanted in f.conditions]
    if f.otherwise:
        said.append("HM_OTHERWISE")
    if f.given_name:
        said.append("HM_NAME(%s)" % f.node)
    if f.copies is not None:
        said += ["HM_PARAMETERIZE(%s)" % ", ".join([node] + write_bindings(bound))
                 for node, bound in f.copies]
    if f.config_key:
        said.append("HM_PARAMETERIZE_FROM_CONFIG(%s)" % f.config_key)
    if f.inject:
        said.append("HM_INJECT(%s)" % ", ".join(write_bindings(f.inject)))
    if f.fields:
        said.append("HM_EXTRACT_FIELDS(%s)" % ", ".join(f.extracted))
    piped = f.steps[: len(f.steps) - f.mutators]
    if piped:
        said.append("HM_PIPE_OUTPUT(%s)" % write_steps(piped))
    if f.piped:
        said.append("HM_PIPE_INPUT(%s, %s)" % (f.piped[0], write_steps(f.piped[1])))
    said += ["HM_TAG(%s, %s)" % tag for tag in f.tags.items()]
    said += ["HM_TAG_OUTPUT(%s, %s, %s)" % tag for tag in f.output_tags]
    rng.shuffle(said)
    return said


def write_function(f, rng):
    lines = write_modifiers(f, rng)
    arguments, terms = [], [str(f.weights[-1])]
    for (name, kind), weight in zip(f.parameters, f.weights):
        if kind == "array":
            arguments.append("size_t n, const double %s[n]" % name)
            terms.append("%d * sum(n, %s)" % (weight, name))
        else:
            default = "" if kind is None else "HM_DEFAULT(%d) " % kind
            arguments.append("%sdouble %s" % (default, name))
            terms.append("%d * %s" % (weight, name))
    value = " + ".join(terms)
    if f.fields:
        lines.insert(0, "struct %s_s { double %s; double %s; };" % (f.name, *f.fields))
        lines.append("struct %s_s %s(%s) { double v = %s; return (struct %s_s){v, v + 1}; }"
                     % (f.name, f.name, ", ".join(arguments), value, f.name))
    else:
        lines.append("double %s(%s) { return %s; }" % (f.name, ", ".join(arguments), value))
    for weight, _, _, name in f.steps[len(f.steps) - f.mutators:]:
        lines.append("HM_MUTATE(%s, HM_VALUE(weight, %d))" % (f.name, weight))
        lines.append("double %s(double value, double weight) "
                     "{ return weight * value + 1; }" % name)
    return "\n".join(lines) + "\n"


PRELUDE = """#include <stdbool.h>
#include <stddef.h>

#include <hamilton/modifiers.h>

static double sum(size_t n, const double x[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += (double)(i + 1) * x[i];
    }
    return sum;
}

HM_EXCLUDE
double step(double value, double weight) {
    return weight * value + 1;
}

"""


class Twice(Exception):
    pass


def expand(writer, config):
    """name -> (function, what each parameter takes, how a value is made of theirs, tags)"""
    there = [f for f in writer.functions if not f.otherwise and f.exists(config)]
    made_otherwise = {f.node for f in there}
    there = [f for f in writer.functions
             if f in there or (f.otherwise and f.node not in made_otherwise)]
    nodes = {}

    def define(name, takes, compute, f):
        if name in nodes:
            raise Twice(name)
        tags = {} if "." in name else dict(f.tags)
        tags.update({key: value for node, key, value in f.output_tags if node == name})
        nodes[name] = (takes, compute, tags)

    for f in there:
        for node, bound in f.bindings(config_nodes(writer, config)):
            takes = []
            for parameter, kind in f.parameters:
                to = bound.get(parameter, ("source", parameter))
                takes.append((to if isinstance(to, list) else [to],
                              kind if kind != "array" else None))

            if f.piped:
                index = [name for name, _ in f.parameters].index(f.piped[0])
                names, there_steps = step_nodes(node, f.piped[1], config)
                for name, step in zip(names, there_steps):
                    define(name, [takes[index]],
                           lambda v, step=step: step[0] * v[0] + 1, f)
                    takes[index] = ([("source", name)], None)

            def compute(values, f=f):
                return sum(w * v for w, v in zip(f.weights, values)) + f.weights[-1]

            chain, steps = chain_nodes(node, f.steps, config)
            if f.fields:
                define(node, takes, lambda v, c=compute, f=f:
                       {f.fields[0]: c(v), f.fields[1]: c(v) + 1}, f)
                for field in f.extracted:
                    define(field, [([("source", node)], None)],
                           lambda v, field=field: v[0][field], f)
                continue
            define(chain[0], takes, compute, f)
            made = chain[:-2] + chain[-1:]  # the last step makes the function's node,
            for before, name, step in zip(made, made[1:], steps):
                define(name, [([("source", before)], None)],
                       lambda v, step=step: step[0] * v[0] + 1, f)
            if steps:  # and its own name is another for it
                define(chain[-2], [([("source", chain[-1])], None)], lambda v: v[0], f)
    return nodes


def config_nodes(writer, config):
    return {**config, **writer.config_nodes}


def argument_of(member, default, nodes, inputs, known):
    kind, to = member
    if kind == "value":
        return to
    if to in nodes or to in inputs:
        return value_of(to, nodes, inputs, known)
    return default


def value_of(name, nodes, inputs, known):
    """One value, or a list of one for each row."""
    if name not in nodes:
        return inputs[name]
    if name not in known:
        takes, compute, _ = nodes[name]
        arguments = [[argument_of(member, default, nodes, inputs, known)
                      for member in members] for members, default in takes]
        is_many = any(isinstance(v, list) for members in arguments for v in members)
        rows = []
        for row in range(ROWS if is_many else 1):
            at = [[v[row] if isinstance(v, list) else v for v in members]
                  for members in arguments]
            rows.append(compute([members[0] if len(members) == 1
                                 else sum((i + 1) * v for i, v in enumerate(members))
                                 for members in at]))
        known[name] = rows if is_many else rows[0]
    return known[name]


class Check:
    def __init__(self, hamilton, path, seed):
        self.hamilton, self.path, self.seed = hamilton, path, seed

    def fail(self, what):
        with open(self.path, encoding="utf-8") as file:
            sys.exit("seed %d: %s\n%s" % (self.seed, what, file.read()))

    def call(self, *arguments):
        ran = subprocess.run([self.hamilton, *arguments], capture_output=True, text=True)
        return ran.returncode, ran.stdout, ran.stderr

    def config(self, writer, config):
        texts = ["%s=%s" % (key, json.dumps(value)) for key, value in config.items()]
        for key, nodes in writer.config_nodes.items():
            said = {node: {parameter: [m[1] for m in to] if isinstance(to, list) else to[1]
                           for parameter, to in bound.items()}
                    for node, bound in nodes.items()}
            texts.append("%s=%s" % (key, json.dumps(said)))
        return [word for text in texts for word in ("-c", text)]

    def structure(self, nodes, given):
        status, out, err = self.call("list", self.path, "--format", "json", *given)
        if status != 0:
            self.fail("list: " + err)
        found = {one["name"]: one for one in json.loads(out)}
        expected = set(nodes)
        for takes, _, _ in nodes.values():
            expected |= {to for members, _ in takes for kind, to in members if kind == "source"}
        if set(found) != expected:
            self.fail("nodes differ: %s" % sorted(set(found) ^ expected))
        for name, one in found.items():
            if (one["kind"] == "node") != (name in nodes):
                self.fail("`%s` is of the wrong kind" % name)
            if name in nodes:
                takes, _, tags = nodes[name]
                edges = [to for members, _ in takes for kind, to in members
                         if kind == "source"]
                if one["inputs"] != edges or one["tags"] != tags:
                    self.fail("`%s` takes %s %s, not %s %s" %
                              (name, one["inputs"], one["tags"], edges, tags))
        return expected - set(nodes)

    def values(self, nodes, inputs, given):
        words = [word for name, value in inputs.items()
                 for word in ("-i", "%s=%s" % (name, json.dumps(value)))]
        status, out, err = self.call("run", self.path, "--format", "json",
                                     "-o", ",".join(nodes), *words, *given)
        if status != 0:
            self.fail("run: " + err)
        found, known = json.loads(out), {}
        for name in nodes:
            expected = value_of(name, nodes, inputs, known)
            if found[name] != expected:
                self.fail("`%s` is %s, not %s, of %s" % (name, found[name], expected, inputs))


def try_config(check, writer, rng, config):
    given = check.config(writer, config)
    try:
        nodes = expand(writer, config)
    except Twice as twice:
        status, _, err = check.call("list", check.path, *given)
        if status != 2 or "`%s` is defined twice" % twice not in err:
            check.fail("`%s` is not told to be defined twice: %s" % (twice, err))
        return
    free = check.structure(nodes, given)
    needed = {to for takes, _, _ in nodes.values() for members, default in takes
              for kind, to in members if default is None}
    if nodes:
        inputs = {name: [rng.randint(-99, 99) for _ in range(ROWS)] if rng.random() < 0.4
                  else rng.randint(-99, 99) for name in sorted(free)
                  if name in needed or rng.random() < 0.5}
        check.values(nodes, inputs, given)


def try_seed(hamilton, scratch, seed):
    rng = random.Random(seed)
    writer = Writer(rng)
    writer.module()
    path = os.path.join(scratch, "module_%d.c" % seed)
    with open(path, "w", encoding="utf-8") as file:
        file.write(PRELUDE + "\n".join(write_function(f, rng) for f in writer.functions))
    check = Check(hamilton, path, seed)
    for _ in range(4):
        try_config(check, writer, rng,
                   {key: rng.choice(values) for key, values in KEYS.items()
                    if rng.random() < 0.75})


def main():
    hamilton, scratch = sys.argv[1:]
    os.makedirs(scratch, exist_ok=True)
    chosen = os.environ.get("HM_TEST_SEED")
    count = 150 if os.environ.get("HM_TEST_LONG") else 6
    seeds = [int(chosen)] if chosen else range(count)
    for seed in seeds:
        try_seed(hamilton, scratch, seed)


main()
