#!/usr/bin/env python3
"""The habit for the functional dimension: the numerical rank of a Jacobian in PyTorch.

Usage: torch_dimension.py NETWORK.npz

Float64; 4 D standard normal points, vmap(jacrev) by the parameters, singular values, NumPy's rule for the rank. Prints one JSON
object; the seconds leave imports and reading out.
"""

import json
import resource
import sys
import time

import numpy as np
import torch
from torch.func import jacrev, vmap

POINTS_PER_PARAMETER = 4
BATCH = 1024


def forward(parameters, x):
    for k in range(len(parameters) // 2):
        x = parameters[2 * k] @ (x if k == 0 else torch.relu(x)) + parameters[2 * k + 1]
    return x


def main():
    with np.load(sys.argv[1]) as file:
        layers = len(file.files) // 2
        names = [f"{kind}{k}" for k in range(layers) for kind in "Wb"]
        parameters = tuple(torch.as_tensor(file[name].astype(np.float64)) for name in names)
    count = sum(part.numel() for part in parameters)
    outputs = parameters[-1].numel()
    points = -(-POINTS_PER_PARAMETER * count // outputs)
    inputs = torch.as_tensor(np.random.default_rng(0).standard_normal((points, parameters[0].shape[1])))
    start, used = time.perf_counter(), time.process_time()
    gradient = vmap(jacrev(forward), in_dims=(None, 0))
    rows = []
    for first in range(0, points, BATCH):
        batch = inputs[first : first + BATCH]
        parts = gradient(parameters, batch)
        rows.append(torch.cat([part.reshape(len(batch) * outputs, -1) for part in parts], 1))
    values = torch.linalg.svdvals(torch.cat(rows)).numpy()
    tolerance = max(points * outputs, count) * np.finfo(np.float64).eps * values[0]
    rank = int((values > tolerance).sum())
    print(
        json.dumps(
            {
                "parameters": count,
                "rank": rank,
                "gap": float(values[rank - 1] / values[rank]) if rank < len(values) else None,
                "seconds": time.perf_counter() - start,
                "cpu_seconds": time.process_time() - used,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


if __name__ == "__main__":
    main()
