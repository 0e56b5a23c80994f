"""What nodes a random module has under a configuration, and what their values are: a
plain reading of the language, without any of the library's shortcuts."""

import math

ROWS = 3
LARGEST = 2 ** 50  # up to which doubles are exact, with something to spare


class Twice(Exception):
    """A name is made twice."""


class CheckFailed(Exception):
    """A check under `fail` did not pass, of the node that is named."""


class TooLarge(Exception):
    """A number that doubles do not have exactly."""


class Node:
    def __init__(self, takes, compute, tags, is_whole=False):
        self.takes = takes  # (members, default): members are (kind, what)
        self.compute = compute  # a value from those of the parameters
        self.tags = tags
        self.is_whole = is_whole  # of all rows together


def step_nodes(node, steps, config, seen):
    """The names of the steps that are there, and these. All count for the names."""
    names, there = [], []
    for step in steps:
        count = seen[step[3]] = seen.get(step[3], -1) + 1
        if step[1] is None or config.get(step[1]) == step[2]:
            names.append("%s.with_%s%s" % (node, step[3], "_%d" % count if count else ""))
            there.append(step)
    return names, there


def deviation(values):
    if len(values) < 2:
        return 0
    mean = sum(values) / len(values)
    return math.sqrt(sum((v - mean) ** 2 for v in values) / (len(values) - 1))


def judge(check, values):
    """What a check finds, as far as it is compared."""
    word, literals, _ = check
    wrong = []
    if word == "range":
        wrong = [not literals[0] <= v <= literals[1] for v in values]
    elif word == "values_in":
        wrong = [v not in literals for v in values]
    elif word == "is_even":
        wrong = [v % 2 != 0 for v in values]
    passed = not any(wrong)
    if word == "mean_in_range":
        passed = literals[0] <= sum(values) / len(values) <= literals[1]
    elif word == "max_std_dev":
        passed = deviation(values) <= literals[0]
    return {"passed": passed, "rows": len(values), "missing": 0, "failing": sum(wrong),
            "first": wrong.index(True) + 1 if any(wrong) else 0}


def name_checks(checks):
    seen, names = {}, []
    for word, _, _ in checks:
        count = seen[word] = seen.get(word, -1) + 1
        names.append(word + ("_%d" % count if count else ""))
    return names


class Expander:
    def __init__(self, module, config):
        self.module = module
        self.config = config
        self.nodes = {}

    def exists(self, f):
        return all((self.config.get(key) in values and key in self.config) == wanted
                   for key, values, wanted in f.conditions)

    def expand(self):
        there = [f for f in self.module.functions if not f.otherwise and self.exists(f)]
        made = {f.node for f in there}
        for f in self.module.functions:
            if f in there or f.otherwise and f.node not in made:
                for node, bound, subdag in self.definitions(f):
                    self.define(f, node, bound, subdag)
        return self.nodes

    def definitions(self, f):
        if f.subdags:
            return [(subdag.node, {}, subdag) for subdag in f.subdags]
        if f.config_key:
            return [(node, bound, None)
                    for node, bound in self.module.config_nodes[f.config_key].items()]
        if f.copies is not None:
            return [(node, bound, None) for node, bound in f.copies]
        return [(f.node, f.inject or {}, None)]

    def add(self, f, name, takes, compute, is_step=False, is_whole=False):
        if name in self.nodes:
            raise Twice(name)
        tags = {} if is_step else dict(f.tags)
        tags.update({key: value for node, key, value in f.output_tags if node == name})
        self.nodes[name] = Node(takes, compute, tags, is_whole)

    def add_step(self, f, name, takes, step):
        self.add(f, name, takes, lambda v: step[0] * v[0] + 1, is_step="." in name)

    def define(self, f, node, bound, subdag):
        takes = self.takes_of(f, bound)
        if subdag:
            takes = self.open_subdag(f, node, subdag)
        seen = {}
        if f.piped:
            index = [name for name, _ in f.parameters].index(f.piped[0])
            for name, step in zip(*step_nodes(node, f.piped[1], self.config, seen)):
                self.add_step(f, name, [takes[index]], step)
                takes[index] = ([("source", name)], None)
        names, steps = step_nodes(node, f.steps, self.config, seen)
        made = node + ".raw" if steps else node
        maker = node + "_raw" if f.checks else made
        self.add(f, maker, takes, self.computation(f), is_step="." in maker[len(node):])
        if f.checks:
            self.add_checks(f, node, made)
        self.add_fields(f, node)
        # The last step makes the function's node, and its own name is another for it.
        for name, step in zip(names[:-1] + [node], steps):
            self.add_step(f, name, [([("source", made)], None)], step)
            made = name
        if steps:
            self.nodes[node].tags = self.tags_of(f, node)
            self.add(f, names[-1], [([("source", node)], None)], lambda v: v[0], is_step=True)

    def tags_of(self, f, name):
        tags = dict(f.tags)
        tags.update({key: value for node, key, value in f.output_tags if node == name})
        return tags

    def takes_of(self, f, bound):
        takes = []
        for parameter, kind in f.parameters:
            to = bound.get(parameter, ("source", parameter))
            takes.append((to if isinstance(to, list) else [to],
                          kind if isinstance(kind, int) else None))
        return takes

    def computation(self, f):
        if f.does:
            names = [name for name, _ in f.parameters]

            def call(values):
                def of(to):
                    return to[1] if to[0] == "value" else values[names.index(to[1])]
                if isinstance(f.does["x"], list):
                    return sum((i + 1) * of(to) for i, to in enumerate(f.does["x"]))
                x, y, z = (of(f.does[name]) for name in "xyz")
                return x - 2 * y + 3 * z
            return call
        if f.maker == "switch":
            return lambda v: v[1 + (f.choices.index(v[0]) if f.choices else v[0])]

        def weigh(values):
            value = sum(w * v for w, v in zip(f.weights, values)) + f.weights[-1]
            return {f.fields[0]: value, f.fields[1]: value + 1} if f.fields else value
        return weigh

    def add_fields(self, f, node):
        for field in f.extracted:
            self.add(f, field, [([("source", node)], None)],
                     lambda v, field=field: v[0][field])

    def add_checks(self, f, node, passed):
        raw, found = node + "_raw", node + "_checks"
        names = name_checks(f.checks)

        def look(values):
            column = values[0] if isinstance(values[0], list) else [values[0]]
            return {name: judge(check, column) for name, check in zip(names, f.checks)}

        def let_through(values):
            if any(check[2] == "fail" and not values[1][name]["passed"]
                   for name, check in zip(names, f.checks)):
                raise CheckFailed(passed)
            return values[0]

        self.add(f, found, [([("source", raw)], None)], look, is_whole=True)
        self.add(f, passed, [([("source", raw)], None), ([("source", found)], None)],
                 let_through, is_step="." in passed[len(node):], is_whole=True)
        for name in names:
            self.add(f, node + "_" + name, [([("source", found)], None)],
                     lambda v, name=name: v[0][name], is_whole=True)

    def open_subdag(self, f, node, subdag):
        """Defines what is inside; returns what the function's parameters take."""
        inner = Expander(subdag.module, {**self.config, **subdag.config}).expand()

        def outwards(member):
            kind, to = member
            if kind == "inside" or kind == "source" and to in inner:
                return (kind, "%s.%s" % (node, to))
            return subdag.bound.get(to, member) if kind == "source" else member

        for name, one in inner.items():
            full = "%s.%s" % (node, name)
            if full in self.nodes:
                raise Twice(full)
            takes = [([outwards(member) for member in members], default)
                     for members, default in one.takes]
            self.nodes[full] = Node(takes, one.compute, one.tags, one.is_whole)
        takes = []
        for parameter, default in f.parameters:
            member = ("source", parameter)
            if parameter in subdag.external:
                pass
            elif parameter in inner or parameter in subdag.bound:
                member = outwards(member)
            else:
                member = ("inside", "%s.%s" % (node, parameter))
            takes.append(([member], default))
        return takes


def expand(module, config):
    nodes = Expander(module, config).expand()
    for node in nodes.values():  # what is inside of nothing is looked up as any name
        node.takes = [([("source", to) if kind == "inside" else (kind, to)
                        for kind, to in members], default)
                      for members, default in node.takes]
    return nodes


class Values:
    """Values of nodes for some inputs: one value, or a list of one for each row."""

    def __init__(self, nodes, inputs):
        self.nodes = nodes
        self.inputs = inputs
        self.known = {}

    def argument(self, member, default):
        kind, to = member
        if kind == "value":
            return to
        if to in self.nodes or to in self.inputs:
            return self.of(to)
        return default

    def of(self, name):
        if name not in self.nodes:
            return self.inputs[name]
        if name not in self.known:
            node = self.nodes[name]
            arguments = [[self.argument(member, default) for member in members]
                         for members, default in node.takes]
            self.known[name] = self.compute(node, arguments)
        return self.known[name]

    def compute(self, node, arguments):
        if node.is_whole:
            return node.compute([members[0] for members in arguments])
        is_many = any(isinstance(v, list) for members in arguments for v in members)
        rows = []
        for row in range(ROWS if is_many else 1):
            at = [[v[row] if isinstance(v, list) else v for v in members]
                  for members in arguments]
            rows.append(node.compute([
                members[0] if len(members) == 1
                else sum((i + 1) * v for i, v in enumerate(members)) for members in at]))
            if isinstance(rows[-1], int) and abs(rows[-1]) > LARGEST:
                raise TooLarge
        return rows if is_many else rows[0]
