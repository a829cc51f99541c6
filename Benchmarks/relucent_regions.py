#!/usr/bin/env python3
"""Activation regions of a network in a box, counted by relucent on one process: a peer to measure against.

Usage: relucent_regions.py NETWORK.npz [--box R]      needs: pip install "relucent[torch]"

Prints one JSON object: regions, cpu_seconds of the search alone, peak_mb, and the error if there was one.
"""

import argparse
import json
import resource
import time

import relucent
import torch

from edge_subdivision import read


def sequential(layers):
    """The network as a chain of torch modules in float64."""
    modules = []
    for position, (weights, bias) in enumerate(layers):
        if position > 0:
            modules.append(torch.nn.ReLU())
        linear = torch.nn.Linear(weights.shape[1], weights.shape[0], dtype=torch.float64)
        linear.weight.data = torch.from_numpy(weights)
        linear.bias.data = torch.from_numpy(bias)
        modules.append(linear)
    return torch.nn.Sequential(*modules)


def processor_seconds():
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("network")
    parser.add_argument("--box", type=float, default=1.0)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    relucent.update_settings(VERBOSE=0)
    search = relucent.Complex(sequential(read(arguments.network)))
    start = processor_seconds()
    error = None
    try:
        search.bfs(nworkers=1, cube_radius=arguments.box, cube_mode="clipped")
    except Exception as problem:  # whatever it stops with belongs in the table
        error = f"{type(problem).__name__}: {problem}"[:200]
    print(
        json.dumps(
            {
                "regions": len(search),
                "cpu_seconds": round(processor_seconds() - start, 3),
                "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
                "error": error,
            }
        )
    )


if __name__ == "__main__":
    main()
