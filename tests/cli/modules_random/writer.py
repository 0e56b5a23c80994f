"""Random modules: what each function says, and how that is written in C."""

KEYS = {"region": ["us", "de", "fr"], "kind": [1, 2], "open": [True, False]}

PRELUDE = """#include <stdbool.h>
#include <stddef.h>

#include <hamilton/modifiers.h>

HM_EXCLUDE
double sum(size_t n, const double x[n]) {
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

HM_EXCLUDE
double mix(double x, double y, double z) {
    return x - 2 * y + 3 * z;
}

HM_EXCLUDE
bool is_even(double x) {
    return (long long)x % 2 == 0;
}

"""


def spell(value):
    """A literal or name as C and modifiers have it."""
    if isinstance(value, bool):
        return str(value).lower()
    return '"%s"' % value if "." in str(value) else str(value)


class Function:
    """What one C function says. Bindings are (kind, what), or a list of them: a group."""

    def __init__(self, name, node):
        self.name = name  # in C
        self.node = node
        self.maker = "plain"  # struct, array, does, switch, subdag
        self.conditions = []  # (key, values, wanted)
        self.otherwise = False
        self.given_name = False
        self.parameters = []  # (name, default or None), (name, "array"), (name, "choice")
        self.weights = []
        self.copies = None  # [(node, {parameter: binding})]
        self.config_key = None
        self.inject = None
        self.does = None  # {parameter of the other function: binding}
        self.choices = []  # of a switch: the values; empty: counted from 0
        self.fields = None  # struct members
        self.extracted = []
        self.subdags = []  # Subdag, one, or one for each node
        self.checks = []  # (word, literals, importance)
        self.tags = {}
        self.output_tags = []  # (node, key, value)
        self.steps = []  # (weight, key, value, function): behind the output
        self.mutators = 0  # how many of these are functions of their own, the last ones
        self.piped = None  # a parameter, and steps before it


class Subdag:
    def __init__(self, node, module, bound, config, external):
        self.node = node
        self.module = module  # a Module
        self.bound = bound  # {input of the module: binding}
        self.config = config
        self.external = external  # names of parameters


class Module:
    """Functions, and the modules that are inside of them."""

    def __init__(self, rng, name, depth):
        self.rng = rng
        self.name = name
        self.depth = depth  # how many modules there may be inside
        self.names = ["i%d" % i for i in range(4)]  # inputs first
        self.dotted = []  # nodes of subdags
        self.functions = []
        self.inner = []
        self.config_nodes = {}  # key -> {node: bindings}
        self.count = 0
        for _ in range(8 if depth > 1 else 4):
            made = self.add_variants() if rng.random() < 0.3 else self.add_one()
            self.names += made

    def fresh(self, prefix):
        self.count += 1
        return "%s%d%s" % (prefix, self.count, self.name[1:])

    def source(self):
        others = self.dotted if self.dotted and self.rng.random() < 0.3 else self.names
        return ("source", self.rng.choice(others))

    def value(self):
        return ("value", self.rng.randint(-9, 9))

    def bind(self, f):
        rng = self.rng
        bound = {}
        for name, kind in f.parameters:
            if kind == "array":
                bound[name] = [rng.choice([self.source(), self.value()])
                               for _ in range(rng.randint(1, 3))]
            elif kind == "choice":
                if rng.random() < 0.3:
                    bound[name] = ("value", rng.choice(self.choices_of(f)))
            elif rng.random() < 0.6:
                bound[name] = rng.choice([self.source(), self.value()])
        return bound

    def choices_of(self, f):
        return f.choices or list(range(len(f.parameters) - 1))

    def add_one(self):
        node = self.fresh("f")
        return self.add(Function(node, node))

    def add(self, f, is_variant=False):
        rng = self.rng
        makers = ["plain", "plain", "array", "does", "switch"]
        makers += ["subdag"] if self.depth > 0 else []
        makers += [] if is_variant else ["struct"]
        f.maker = rng.choice(makers)
        f.parameters = [(name, rng.choice([None, None, rng.randint(-5, 5)]))
                        for name in rng.sample(self.names, rng.randint(1, 3))]
        getattr(self, "make_" + f.maker)(f)
        f.weights = [rng.randint(-3, 3) for _ in f.parameters] + [rng.randint(-9, 9)]
        made = self.expand(f, is_variant) or [f.node]
        if f.maker == "struct":
            made = f.extracted
        if f.config_key is None:
            self.pipe_input(f)
        if f.maker != "struct" and rng.random() < 0.3:
            f.checks = [self.check() for _ in range(rng.randint(1, 3))]
        if f.maker != "struct" and rng.random() < 0.25:
            self.pipe_output(f)
        if rng.random() < 0.4:
            f.tags["owner"] = rng.choice(["ads", "maps"])
        if rng.random() < 0.4 and made and not f.config_key:
            f.output_tags.append((rng.choice(made), "owner", rng.randint(1, 5)))
        self.functions.append(f)
        return made

    def make_plain(self, f):
        pass

    def make_array(self, f):
        f.parameters.append((self.fresh("x"), "array"))

    def make_struct(self, f):
        f.fields = [self.fresh("m") for _ in range(2)]
        f.extracted = f.fields[: self.rng.randint(1, 2)]

    def make_does(self, f):
        """mix() of two or three parameters, or sum() of any."""
        rng = self.rng
        names = [name for name, _ in f.parameters]
        if rng.random() < 0.5:
            members = [("source", name) for name in names]
            members += [self.value()] if rng.random() < 0.5 else []
            f.does = {"x": members}
        else:
            bound = [("source", name) for name in names]
            bound += [self.value() for _ in range(3 - len(bound))]
            rng.shuffle(bound)
            f.does = dict(zip("xyz", bound))

    def make_switch(self, f):
        branches = self.rng.sample(self.names, self.rng.randint(2, 3))
        f.parameters = [(self.fresh("w"), "choice")]
        f.parameters += [(name, self.rng.choice([None, None, 7])) for name in branches]
        if self.rng.random() < 0.5:
            f.choices = self.rng.sample(range(10, 99), len(f.parameters) - 1)

    def make_subdag(self, f):
        """Parameters are inside, or not there, but for external ones."""
        rng = self.rng
        module = Module(rng, "%s_%d" % (self.name, len(self.inner)), self.depth - 1)
        self.inner.append(module)
        inside = rng.sample(module.names, 2)
        outside = [name for name, _ in f.parameters if name not in inside]
        f.parameters = [(name, None) for name in inside] + [(name, None) for name in outside]
        nodes = [f.node]
        if rng.random() < 0.5 and f.name == f.node:
            nodes = [self.fresh("s") for _ in range(rng.randint(1, 2))]
        for node in nodes:
            external = [name for name in outside if rng.random() < 0.8]
            f.subdags.append(Subdag(node, module, self.bind_module(module),
                                    self.configure(module), external))
            self.dotted += ["%s.%s" % (node, name) for name in module.names[4:]]

    def bind_module(self, module):
        """Of inputs that a function surely takes by their names."""
        free = sorted({name for f in module.functions
                       if f.maker != "subdag" and not (f.copies or f.inject or f.config_key)
                       for name, kind in f.parameters if kind is None} & set(module.names[:4]))
        return {name: self.rng.choice([("source", self.rng.choice(self.names)), self.value()])
                for name in free if self.rng.random() < 0.5}

    def configure(self, module):
        keys = sorted({key for f in module.functions for key, _, _ in f.conditions})
        return {key: self.rng.choice(KEYS[key]) for key in keys if self.rng.random() < 0.5}

    def expand(self, f, is_variant):
        """The nodes of a function that makes others than its own."""
        rng = self.rng
        if f.maker == "subdag":
            return [subdag.node for subdag in f.subdags]
        form = rng.choice(["", "", "copies", "config", "inject"])
        if f.maker == "array" and form == "" or is_variant and form != "":
            form = "inject"
        if f.maker == "struct" and form in ("copies", "config"):
            form = ""
        if f.maker == "switch" and form == "config":
            form = "copies"
        if form == "copies":
            f.copies = [(self.fresh("p"), self.bind(f)) for _ in range(rng.randint(1, 3))]
            return [node for node, _ in f.copies]
        if form == "config":
            f.config_key = self.fresh("key")
            self.config_nodes[f.config_key] = {
                self.fresh("c"): self.bind(f) for _ in range(rng.randint(0, 2))}
            return list(self.config_nodes[f.config_key])
        if form == "inject":
            f.inject = self.bind(f)
        return None

    def check(self):
        rng = self.rng
        importance = "fail" if rng.random() < 0.2 else "warn"
        low = rng.randint(-200, 50)
        return rng.choice([("range", [low, low + rng.randint(0, 300)], importance),
                           ("finite", [], importance),
                           ("values_in", sorted(rng.sample(range(-9, 9), 3)), importance),
                           ("mean_in_range", [low, low + 100], importance),
                           ("max_std_dev", [rng.randint(0, 99)], importance),
                           ("is_even", [], importance)])

    def make_steps(self):
        rng = self.rng
        return [(rng.randint(-3, 3), None if rng.random() < 0.5 else "kind",
                 rng.choice(KEYS["kind"]), "step") for _ in range(rng.randint(1, 3))]

    def pipe_input(self, f):
        index = self.rng.randrange(len(f.parameters))
        name, default = f.parameters[index]
        bound = [copy[1].get(name, ("source",)) for copy in f.copies or [("", f.inject or {})]]
        is_one = all(isinstance(to, tuple) and to[0] == "source" for to in bound)
        if default is None and is_one and self.rng.random() < 0.3:
            f.piped = (name, self.make_steps())

    def pipe_output(self, f):
        f.steps = self.make_steps()
        if f.name == f.node:
            f.steps += [(self.rng.randint(-3, 3), None, None, self.fresh("m"))
                        for _ in range(self.rng.choice([0, 0, 1, 2]))]
        f.mutators = sum(step[3] != "step" for step in f.steps)

    def add_variants(self):
        rng = self.rng
        node = self.fresh("v")
        key = rng.choice(list(KEYS))
        left = rng.sample(KEYS[key], len(KEYS[key]))
        for i in range(rng.randint(1, len(left))):
            given = rng.random() < 0.5
            f = Function(self.fresh("f") if given else "%s__w%d" % (node, i), node)
            f.given_name = given
            values, wanted = [left.pop()], True
            if rng.random() < 0.15:  # it may overlap with others
                values, wanted = rng.sample(KEYS[key], rng.randint(1, 2)), rng.random() < 0.5
            f.conditions = [(key, values, wanted)]
            if rng.random() < 0.3:
                other = rng.choice([k for k in KEYS if k != key])
                f.conditions.append((other, rng.sample(KEYS[other], 1), rng.random() < 0.5))
            self.add(f, is_variant=True)
        if rng.random() < 0.6:
            f = Function(node + "__rest", node)
            f.otherwise = True
            self.add(f, is_variant=True)
        return [node]

    def all_config_nodes(self):
        found = dict(self.config_nodes)
        for module in self.inner:
            found.update(module.all_config_nodes())
        return found


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


def write_subdag(subdag, is_named):
    words = [subdag.node] if is_named else []
    words.append('"%s.c"' % subdag.module.name)
    words += write_bindings(subdag.bound)
    words += ["HM_CONFIG(%s, %s)" % (key, spell(value)) for key, value in subdag.config.items()]
    words += ["HM_EXTERNAL(%s)" % ", ".join(subdag.external)] if subdag.external else []
    return "HM_SUBDAG%s(%s)" % ("_AS" if is_named else "", ", ".join(words))


def write_check(word, literals, importance):
    words = [spell(literal) for literal in literals] + [importance]
    if word == "is_even":
        return "HM_CHECK(is_even, %s)" % importance
    return "HM_CHECK_%s(%s)" % (word.upper(), ", ".join(words))


def write_modifiers(f, rng):
    said = ["HM_%s(%s, %s)" % ("WHEN" if wanted else "WHEN_NOT", key,
                               ", ".join(spell(v) for v in values))
            for key, values, wanted in f.conditions]
    said += ["HM_OTHERWISE"] if f.otherwise else []
    said += ["HM_NAME(%s)" % f.node] if f.given_name else []
    if f.does:
        said.append("HM_DOES(%s)" % ", ".join(
            ["sum" if isinstance(f.does["x"], list) else "mix"] + write_bindings(f.does)))
    if f.maker == "switch":
        said.append("HM_SWITCH(%s)" % ", ".join(
            [f.parameters[0][0]] + [str(value) for value in f.choices]))
    if f.inject:
        said.append("HM_INJECT(%s)" % ", ".join(write_bindings(f.inject)))
    if f.fields:
        said.append("HM_EXTRACT_FIELDS(%s)" % ", ".join(f.extracted))
    if f.config_key:
        said.append("HM_PARAMETERIZE_FROM_CONFIG(%s)" % f.config_key)
    piped = f.steps[: len(f.steps) - f.mutators]
    said += ["HM_PIPE_OUTPUT(%s)" % write_steps(piped)] if piped else []
    if f.piped:
        said.append("HM_PIPE_INPUT(%s, %s)" % (f.piped[0], write_steps(f.piped[1])))
    said += ["HM_TAG(%s, %s)" % tag for tag in f.tags.items()]
    said += ["HM_TAG_OUTPUT(%s, %s, %s)" % tag for tag in f.output_tags]
    # Of one kind the order matters; kinds may stand in any.
    ordered = [write_check(*check) for check in f.checks]
    ordered += ["HM_PARAMETERIZE(%s)" % ", ".join([node] + write_bindings(bound))
                for node, bound in f.copies or []]
    ordered += [write_subdag(subdag, subdag.node != f.node) for subdag in f.subdags]
    places = sorted(rng.randrange(len(said) + 1) for _ in ordered)
    rng.shuffle(said)
    for place, text in reversed(list(zip(places, ordered))):
        said.insert(place, text)
    return said


def write_arguments(f):
    arguments, terms = [], [str(f.weights[-1])]
    for (name, kind), weight in zip(f.parameters, f.weights):
        if kind == "array":
            arguments.append("size_t n, const double %s[n]" % name)
            terms.append("%d * sum(n, %s)" % (weight, name))
        elif kind == "choice":
            arguments.append("int %s" % name)
        else:
            default = "" if kind is None else "HM_DEFAULT(%d) " % kind
            arguments.append("%sdouble %s" % (default, name))
            terms.append("%d * %s" % (weight, name))
    return ", ".join(arguments), " + ".join(terms)


def write_function(f, rng):
    lines = write_modifiers(f, rng)
    arguments, value = write_arguments(f)
    if f.fields:
        lines.insert(0, "struct %s_s { double %s; double %s; };" % (f.name, *f.fields))
        lines.append("struct %s_s %s(%s) { double v = %s; return (struct %s_s){v, v + 1}; }"
                     % (f.name, f.name, arguments, value, f.name))
    elif f.maker in ("does", "switch"):
        lines.append("double %s(%s);" % (f.name, arguments))
    else:
        lines.append("double %s(%s) { return %s; }" % (f.name, arguments, value))
    for weight, _, _, name in f.steps[len(f.steps) - f.mutators:]:
        lines.append("HM_MUTATE(%s, HM_VALUE(weight, %d))" % (f.name, weight))
        lines.append("double %s(double value, double weight) "
                     "{ return weight * value + 1; }" % name)
    return "\n".join(lines) + "\n"


def write_module(module, rng):
    return PRELUDE + "\n".join(write_function(f, rng) for f in module.functions)
