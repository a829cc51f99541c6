"""The habit that `Trainer` replaces: a thousand steps of stochastic gradient descent in NumPy, float64.

    OPENBLAS_NUM_THREADS=1 python3 Benchmarks/training_numpy.py

Prints a line of JSON for each size: the fastest of seven runs, in seconds.
"""

import json
import time

import numpy as np


def steps(count, x, labels, w1, b1, w2, b2, batch, rate, rng):
    order = rng.permutation(len(x))
    place = 0
    for _ in range(count):
        if place + batch > len(x):
            order, place = rng.permutation(len(x)), 0
        rows = order[place : place + batch]
        place += batch
        inputs = x[rows]
        hidden = np.maximum(inputs @ w1.T + b1, 0)
        outputs = hidden @ w2.T + b2
        outputs -= outputs.max(axis=1, keepdims=True)
        error = np.exp(outputs)
        error /= error.sum(axis=1, keepdims=True)
        error[np.arange(len(rows)), labels[rows]] -= 1
        error /= len(rows)
        back = (error @ w2) * (hidden > 0)
        w2 -= rate * (error.T @ hidden)
        b2 -= rate * error.sum(axis=0)
        w1 -= rate * (back.T @ inputs)
        b1 -= rate * back.sum(axis=0)


for inputs, width, outputs, batch in [(64, 16, 10, 64), (64, 128, 10, 64), (64, 512, 10, 64)]:
    rng = np.random.default_rng(5)
    x = rng.uniform(-1, 1, (1797, inputs))
    labels = rng.integers(0, outputs, 1797)
    w1 = rng.normal(0, (2 / inputs) ** 0.5, (width, inputs))
    w2 = rng.normal(0, (2 / width) ** 0.5, (outputs, width))
    b1, b2 = np.zeros(width), np.zeros(outputs)
    seconds = []
    for _ in range(7):
        start = time.perf_counter()
        steps(1000, x, labels, w1, b1, w2, b2, batch, 0.05, rng)
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"benchmark": "NumPyThousandSteps", "size": f"{inputs}-{width}-{outputs}, batch {batch}",
                      "fastest": min(seconds)}))
