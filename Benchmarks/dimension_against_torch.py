#!/usr/bin/env python3
"""Whole processes: crease dimension against a PyTorch Jacobian in float64 and the singular values of it.

Usage: dimension_against_torch.py PATH/TO/crease [--oracle DIR] [--torch PYTHON] [--limit SECONDS] [SIZE ...]

  --oracle DIR      networks as nets/fd_*.npz; those that it lacks are drawn
  --torch PYTHON    a Python that has torch and numpy; by default this one, if it has; without it no peer is run
  --limit SECONDS   the peer is stopped when it takes longer (default 900)
  SIZE              widths joined by "-" (default: 5-15-15-1 up to 10-45-45-45-1)

For each network one run of the peer between two of crease, of which the faster one counts. The peer takes
4 D random normal points and NumPy's rule for the rank. Its seconds are the calls alone (Jacobian and singular values, both
threads), crease's the whole process, so that the ratio is not in our favour. Above D = 6000 the peer is not run: its
Jacobian of 4 D rows takes more than 1 GB, and the time grows with D³.

Prints a markdown table. "agree" says that the peer's rank, of a sample, is no more than the proved upper bound of crease,
and that crease's proved lower bound is no less than the peer's rank.
"""

import argparse
import importlib.util
import json
import pathlib
import sys
import tempfile

from regions_against_peers import HERE, drawn, peer, run

SIZES = ["5-15-15-1", "2-8-8-1", "4-16-16-1", "5-15-15-15-1", "5-30-30-30-1", "8-40-40-40-1", "10-45-45-45-1"]
LARGEST = 6000


def parameters(size):
    widths = [int(width) for width in size.split("-")]
    return sum((fan + 1) * width for fan, width in zip(widths, widths[1:]))


def network(size, oracle, folder):
    if oracle and (oracle / "nets" / f"fd_{size}_s0.npz").exists():
        return oracle / "nets" / f"fd_{size}_s0.npz"
    path = folder / f"{size}.npz"
    drawn(size, path)
    return path


def crease(command):
    """Wall seconds, processor seconds, peak MB and the answer of one run."""

    found = run([*command, "--json"], 3600)
    return (*found[:3], json.loads(found[3]))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage=argparse.SUPPRESS
    )
    parser.add_argument("crease")
    parser.add_argument("sizes", nargs="*")
    parser.add_argument("--oracle", type=pathlib.Path)
    parser.add_argument("--torch")
    parser.add_argument("--limit", type=float, default=900)
    arguments = parser.parse_intermixed_args()
    torch = arguments.torch or (sys.executable if importlib.util.find_spec("torch") else None)
    print(
        "| network | D | proved bounds | regions | crease wall s | CPU s | MB "
        "| PyTorch rank | wall s | CPU s | MB | agree | PyTorch / crease, wall | CPU |"
    )
    print("|" + "---|" * 14)
    with tempfile.TemporaryDirectory() as folder:
        for size in arguments.sizes or SIZES:
            path = network(size, arguments.oracle, pathlib.Path(folder))
            command = [arguments.crease, "dimension", path]
            first = crease(command)
            theirs = None
            if torch and parameters(size) <= LARGEST:
                theirs = peer([torch, HERE / "torch_dimension.py", path], arguments.limit)
            ours = min(first, crease(command), key=lambda found: found[0]) if theirs else first
            wall, cpu, memory, answer = ours
            lower, upper = answer["lowerBound"], answer["upperBound"]
            row = [size, answer["parameters"], lower if lower == upper else f"{lower} to {upper}"]
            row += [answer["regions"], f"{wall:.2f}", f"{cpu:.2f}", f"{memory:.0f}"]
            if theirs:
                agree = theirs["rank"] <= min(lower, upper)
                row += [theirs["rank"], f"{theirs['seconds']:.1f}", f"{theirs['cpu_seconds']:.1f}"]
                row += [f"{theirs['peak_mb']:.0f}", "yes" if agree else "NO"]
                row += [f"{theirs['seconds'] / wall:.1f}", f"{theirs['cpu_seconds'] / cpu:.1f}"]
            else:
                row += ["", "not run" if not torch or parameters(size) > LARGEST else "stopped", "", "", "", "", ""]
            print("| " + " | ".join(str(entry) for entry in row) + " |", flush=True)


if __name__ == "__main__":
    main()
