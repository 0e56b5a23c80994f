#!/usr/bin/env python3
"""run.py HAMILTON SCRATCH — random modules with random modifiers, against an expander of
a few lines: the same nodes, edges, tags and values for several configurations. The
modules go through the real command line.

A few seeds in every suite; HM_TEST_LONG=1 does many, HM_TEST_SEED one.
"""

import json
import os
import random
import subprocess
import sys

from expander import ROWS, CheckFailed, TooLarge, Twice, Values, expand
from writer import KEYS, Module, write_module


def matches(found, expected):
    """Whether all that is expected is there: results of checks have more to tell."""
    if isinstance(expected, dict):
        return all(key in found and matches(found[key], value)
                   for key, value in expected.items())
    return found == expected


def tells(message, name, what):
    """Whether it says that of a node, at the top or in a subdag."""
    return "`%s` %s" % (name, what) in message or ".%s` %s" % (name, what) in message


def stems(name):
    """The name, and those of nodes that it may stand beside."""
    return [name] + [name[:i] for i, letter in enumerate(name) if letter in "._"]


def sources(nodes):
    """Whatever nodes take by name."""
    return {to for node in nodes.values() for members, _ in node.takes
            for kind, to in members if kind == "source"}


def choices(module):
    """Inputs by which switches choose, with the values that they may have."""
    found = {f.parameters[0][0]: module.choices_of(f) for f in module.functions
             if f.maker == "switch"}
    for inner in module.inner:
        found.update(choices(inner))
    return found


class Check:
    def __init__(self, hamilton, folder, seed):
        self.hamilton, self.folder, self.seed = hamilton, folder, seed
        self.path = os.path.join(folder, "m%d.c" % seed)

    def write(self, module, rng):
        with open(os.path.join(self.folder, module.name + ".c"), "w", encoding="utf-8") as file:
            file.write(write_module(module, rng))
        for inner in module.inner:
            self.write(inner, rng)

    def fail(self, what):
        sys.exit("seed %d: %s\nsee %s" % (self.seed, what, self.path))

    def call(self, *arguments):
        ran = subprocess.run([self.hamilton, *arguments], capture_output=True, text=True,
                             check=False)
        return ran.returncode, ran.stdout, ran.stderr

    def config(self, module, config):
        texts = ["%s=%s" % (key, json.dumps(value)) for key, value in config.items()]
        for key, nodes in module.all_config_nodes().items():
            said = {node: {parameter: [m[1] for m in to] if isinstance(to, list) else to[1]
                           for parameter, to in bound.items()}
                    for node, bound in nodes.items()}
            texts.append("%s=%s" % (key, json.dumps(said)))
        return [word for text in texts for word in ("-c", text)]

    def structure(self, nodes, given):
        status, out, err = self.call("list", self.path, "--format", "json", *given)
        if status != 0:
            self.fail("list: %s, given %s" % (err, given))
        found = {one["name"]: one for one in json.loads(out)}
        expected = set(nodes) | sources(nodes)
        if set(found) != expected:
            self.fail("nodes differ: there %s, not there %s, given %s" %
                      (sorted(set(found) - expected), sorted(expected - set(found)), given))
        for name, one in found.items():
            if (one["kind"] == "node") != (name in nodes):
                self.fail("`%s` is of the wrong kind, given %s" % (name, given))
            if name in nodes:
                edges = [to for members, _ in nodes[name].takes for kind, to in members
                         if kind == "source"]
                if one["inputs"] != edges or one["tags"] != nodes[name].tags:
                    self.fail("`%s` takes %s %s, not %s %s, given %s" %
                              (name, one["inputs"], one["tags"], edges, nodes[name].tags,
                               given))

    def run(self, wanted, inputs, given):
        words = [word for name, value in inputs.items()
                 for word in ("-i", "%s=%s" % (name, json.dumps(value)))]
        return self.call("run", self.path, "--format", "json", "-o", ",".join(wanted), *words,
                         *given)

    def values(self, nodes, inputs, given):
        """All nodes; those that a check lets through, and the failure of the others."""
        values, expected, failed = Values(nodes, inputs), {}, set()
        for name in nodes:
            try:
                expected[name] = values.of(name)
            except CheckFailed as failure:
                failed.add(str(failure))
        if failed:
            status, _, err = self.run(nodes, inputs, given)
            if status != 1 or not any(tells(err, name, "failed") for name in failed):
                self.fail("%s did not fail: %s" % (failed, err))
        if not expected:
            return
        status, out, err = self.run(expected, inputs, given)
        if status != 0:
            self.fail("run: %s, of %s, given %s" % (err, inputs, given))
        found = json.loads(out)
        for name, value in expected.items():
            is_same = (all(map(matches, found[name], value)) if isinstance(value, list)
                       else matches(found[name], value))
            if not is_same:
                self.fail("`%s` is %s, not %s, of %s, given %s" %
                          (name, found[name], value, inputs, given))


def draw_inputs(rng, module, nodes):
    needed = {to for node in nodes.values() for members, default in node.takes
              for kind, to in members if kind == "source" and default is None}
    values = choices(module)
    inputs = {}
    for name in sorted(sources(nodes) - set(nodes)):
        if name in needed or rng.random() < 0.5:
            draw = [rng.choice(values[name]) if name in values else rng.randint(-99, 99)
                    for _ in range(ROWS)]
            inputs[name] = draw if rng.random() < 0.4 else draw[0]
    return inputs


def try_config(check, module, rng, config):
    given = check.config(module, config)
    try:
        nodes = expand(module, config)
    except Twice as twice:
        status, _, err = check.call("list", check.path, *given)
        if status != 2 or not any(tells(err, name, "is defined twice")
                                  for name in stems(str(twice))):
            check.fail("`%s` is not told to be defined twice: %s" % (twice, err))
        return
    check.structure(nodes, given)
    if nodes:
        try:
            check.values(nodes, draw_inputs(rng, module, nodes), given)
        except TooLarge:
            pass


def try_seed(hamilton, scratch, seed):
    rng = random.Random(seed)
    module = Module(rng, "m%d" % seed, 2)
    check = Check(hamilton, scratch, seed)
    check.write(module, rng)
    for _ in range(4):
        try_config(check, module, rng,
                   {key: rng.choice(values) for key, values in KEYS.items()
                    if rng.random() < 0.75})


def main():
    hamilton, scratch = sys.argv[1:]
    os.makedirs(scratch, exist_ok=True)
    chosen = os.environ.get("HM_TEST_SEED")
    count = 150 if os.environ.get("HM_TEST_LONG") else 6
    for seed in [int(chosen)] if chosen else range(count):
        try_seed(hamilton, scratch, seed)


main()
