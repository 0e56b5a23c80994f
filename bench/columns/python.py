"""python.py numpy|pandas CASE FOLDER ROWS: computes a case of bench_columns in FOLDER.

Inputs are files of doubles, NAME.in. On each line `run` it computes all, and on `save` it
writes NAME.out for each output; to both it answers `done`, and `ready` at the start.
Features come from features.txt: a line `name operation a b` each, then `wanted name`.
"""

import sys

library, case, folder, rows = sys.argv[1:]
import numpy as np
if library == "pandas":
    import pandas as pd


def column(name):
    values = np.fromfile(f"{folder}/{name}.in", dtype=np.float64)
    assert len(values) == int(rows)
    return pd.Series(values) if library == "pandas" else values


def marketing_of_numpy(spend, signups):
    average = np.full(len(spend), np.nan)
    average[2:] = (spend[:-2] + spend[1:-1] + spend[2:]) / 3
    mean = spend.mean()
    zero_mean = spend - mean
    deviation = zero_mean.std(ddof=1)
    return {
        "avg_3wk_spend": average,
        "spend_per_signup": spend / signups,
        "spend_mean": mean,
        "spend_zero_mean": zero_mean,
        "spend_std_dev": deviation,
        "spend_zero_mean_unit_variance": zero_mean / deviation,
    }


def marketing_of_pandas(spend, signups):
    mean = spend.mean()
    zero_mean = spend - mean
    deviation = zero_mean.std()
    return {
        "avg_3wk_spend": spend.rolling(3).mean(),
        "spend_per_signup": spend / signups,
        "spend_mean": mean,
        "spend_zero_mean": zero_mean,
        "spend_std_dev": deviation,
        "spend_zero_mean_unit_variance": zero_mean / deviation,
    }


OPERATIONS = {
    "ADD": lambda a, b: 0.5 * (a + b),
    "SUBTRACT": lambda a, b: 0.5 * (a - b),
    "MULTIPLY": lambda a, b: a * b,
    "DIVIDE": lambda a, b: a / (1 + np.abs(b)),
    "LESSER": np.minimum,
    "GREATER": np.maximum,
    "ROOT": lambda a, b: np.sqrt(np.abs(a)) - b,
    "SIZE": lambda a, b: np.abs(a) - 0.5 * b,
    "COMPARE": lambda a, b: 1.0 * (a > b),
}


def read_features():
    features, wanted = {}, []
    with open(f"{folder}/features.txt") as lines:
        for words in map(str.split, lines):
            if words[0] == "wanted":
                wanted.append(words[1])
            else:
                features[words[0]] = words[1:]
    needed = set(wanted)
    for name in reversed(list(features)):
        if name in needed:
            needed.update(features[name][1:])
    return {name: f for name, f in features.items() if name in needed}, wanted


def features(columns, needed, wanted):
    values = dict(columns)
    for name, (operation, a, b) in needed.items():
        values[name] = OPERATIONS[operation](values[a], values[b])
    return {name: values[name] for name in wanted}


if case == "marketing":
    inputs = column("spend"), column("signups")
    function = marketing_of_pandas if library == "pandas" else marketing_of_numpy
    compute = lambda: function(*inputs)
else:
    needed, wanted = read_features()
    names = {n for f in needed.values() for n in f[1:] if n not in needed}
    columns = {name: column(name) for name in names}
    compute = lambda: features(columns, needed, wanted)

print("ready", flush=True)
for line in sys.stdin:
    outputs = compute()
    if line.strip() == "save":
        for name, values in outputs.items():
            np.asarray(values, dtype=np.float64).tofile(f"{folder}/{name}.out")
    print("done", flush=True)
