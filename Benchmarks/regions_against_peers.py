#!/usr/bin/env python3
"""Whole processes, one after the other: crease regions --count against other ways to count activation regions.

Usage: regions_against_peers.py PATH/TO/crease [--oracle DIR] [--data DIR] [--relucent PYTHON] [--limit SECONDS]

  --oracle DIR        networks as nets/rand_*.npz, and counts.json with the true counts; without it networks are drawn
  --data DIR          real networks: acasxu/nnet/acasxu_1_1.nnet, nets/dnnv/mnist_300_200_100.onnx and its .io.npz
  --relucent PYTHON   a Python that has relucent; by default this one, if it has
  --limit SECONDS     a peer that takes longer is stopped (default 120)

Prints two markdown tables. Seconds are processor seconds, all threads and child processes together, the fastest of three
runs for crease. Its own include starting the process and reading the file; those of peers are the call alone. Columns
marked "quoted" were measured elsewhere, on another machine, and only tell the order of magnitude.
"""

import argparse
import importlib.util
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time

import numpy as np

HERE = pathlib.Path(__file__).parent
SIZES = [
    "2-8-8-1", "2-16-16-1", "2-32-32-32-1", "2-64-64-64-1", "3-16-16-1", "3-32-32-1",
    "4-16-16-1", "5-20-20-1", "6-12-12-1",
]  # fmt: skip

# Seconds of the call, on a two-core machine: an edge subdivision in PyTorch and nnenum.
QUOTED = {
    "2-8-8-1": (0.06, 0.07),
    "2-16-16-1": (0.21, 0.29),
    "2-32-32-32-1": (2.6, 1.4),
    "2-64-64-64-1": (10, 4.9),
    "3-16-16-1": (2.2, 1.4),
    "3-32-32-1": (3.1, 12.5),
    "4-16-16-1": (9, 9),
    "5-20-20-1": (28, 94),
}


def run(command, limit):
    """Wall seconds, processor seconds, peak memory in MB, standard output; None when it took longer than the limit."""
    environment = dict(os.environ, OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
    with tempfile.TemporaryFile("w+") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command], stdout=output, stderr=subprocess.DEVNULL, text=True,
            start_new_session=True, env=environment,
        )  # fmt: skip
        stop = threading.Timer(limit, os.killpg, (process.pid, signal.SIGKILL))
        stop.start()
        _, status, usage = os.wait4(process.pid, 0)
        stop.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode == -signal.SIGKILL:
            return None
        wall = time.perf_counter() - start
        output.seek(0)
        return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output.read()


def crease_best(command, limit=600):
    """The fastest of three runs, by processor seconds, with the JSON answer."""
    runs = [run([*command, "--json"], limit) for _ in range(3)]
    wall, cpu, _, text = min(runs, key=lambda found: found[1])
    return wall, cpu, max(found[2] for found in runs), json.loads(text)


def peer(command, limit):
    """The peer's JSON answer; None when it was stopped or failed."""
    found = run(command, limit)
    try:
        return found and json.loads(found[3].splitlines()[-1])
    except (IndexError, ValueError):
        return None


def drawn(size, path):
    """Writes a network with He-initialised weights."""
    widths = [int(width) for width in size.split("-")]
    rng = np.random.default_rng(0)
    arrays = {}
    for k, (fan, width) in enumerate(zip(widths, widths[1:])):
        arrays[f"W{k}"] = rng.normal(0, np.sqrt(2 / fan), (width, fan)).astype(np.float32)
        arrays[f"b{k}"] = rng.uniform(-1, 1, width).astype(np.float32) / np.float32(np.sqrt(fan))
    np.savez(path, **arrays)


def true_counts(oracle):
    if oracle is None:
        return {}
    rows = json.loads((oracle / "counts.json").read_text())["counts"]
    return {row["network"]: row["activation_regions"] for row in rows if row["box"] == 1}


def cell(answer, regions, limit):
    """Processor seconds of a peer, and what is wrong with its count."""
    if answer is None:
        return f"not in {limit:.0f}"
    seconds = f"{answer['cpu_seconds']:.2f}"
    if answer.get("error"):
        return f"{seconds}, stopped with an error at {answer['regions']}"
    return seconds if answer["regions"] == regions else f"{seconds}, says {answer['regions']}"


def ratio(answer, seconds):
    return "" if answer is None or answer.get("error") else f"{answer['cpu_seconds'] / seconds:.1f}"


def counting(arguments, folder):
    relucent = arguments.relucent
    if relucent is None and importlib.util.find_spec("relucent"):
        relucent = sys.executable
    truth = true_counts(arguments.oracle)
    print(
        "| network | regions | crease CPU s | by programs | MB | numpy CPU s | MB | numpy / crease "
        "| relucent CPU s | MB | relucent / crease | quoted: PyTorch s | nnenum s | fastest quoted / crease |"
    )
    print("|" + "---|" * 14)
    for size in SIZES:
        name = f"rand_{size}_s0"
        path = arguments.oracle / "nets" / f"{name}.npz" if arguments.oracle else folder / f"{name}.npz"
        if not arguments.oracle:
            drawn(size, path)
        command = [arguments.crease, "regions", path, "--box=-1,1", "--count"]
        _, seconds, memory, answer = crease_best(command)
        regions = answer["activationRegions"]
        programs = crease_best([*command, "--algorithm", "programs"])
        wrong = {regions, programs[3]["activationRegions"]} - {truth.get(name, regions)}
        numpy_peer = peer([sys.executable, HERE / "edge_subdivision.py", path], arguments.limit)
        row = [size, f"{regions} (WRONG)" if wrong else regions, f"{seconds:.3f}", f"{programs[1]:.3f}"]
        row += [f"{memory:.0f}", cell(numpy_peer, regions, arguments.limit)]
        row += [f"{numpy_peer['peak_mb']:.0f}" if numpy_peer else "", ratio(numpy_peer, seconds)]
        theirs = None
        if relucent:
            theirs = peer([relucent, HERE / "relucent_regions.py", path], arguments.limit)
            row += [cell(theirs, regions, arguments.limit), f"{theirs['peak_mb']:.0f}" if theirs else ""]
            row += [ratio(theirs, seconds) if theirs else f"over {arguments.limit / seconds:.0f}"]
        else:
            row += ["not installed", "", ""]
        quoted = QUOTED.get(size)
        row += [*quoted, f"{min(quoted) / seconds:.0f}"] if quoted else ["", "", ""]
        print("| " + " | ".join(str(entry) for entry in row) + " |", flush=True)


def real(arguments, folder):
    print("\n| question | regions | wall s | CPU s | MB |\n|---|---|---|---|---|")
    questions = []
    if arguments.data:
        acas = arguments.data / "acasxu/nnet/acasxu_1_1.nnet"
        questions.append(
            ("ACAS Xu 1_1, inputs 0 and 1, with picture", [acas, "--axes", "0,1", "--svg", folder / "acas.svg"])
        )
        mnist = arguments.data / "nets/dnnv/mnist_300_200_100.onnx"
        with np.load(f"{mnist}.io.npz") as file:
            images = next(file[key] for key in file.files if key.startswith("x"))
        np.savez(folder / "images.npz", images=images.reshape(len(images), -1))
        plane = [mnist, "--slice", folder / "images.npz", "--rows", "0,1,2"]
        questions.append(("MNIST 784-300-200-100-10, plane of three images", plane))
        questions.append(("the same, with picture", [*plane, "--svg", folder / "mnist.svg"]))
    wide = folder / "wide.npz"
    if arguments.oracle:
        wide = arguments.oracle / "nets" / "rand_784-256-256-10_s0.npz"
    else:
        drawn("784-256-256-10", wide)
    box = [wide, "--box=-1,1", "--axes", "0,1"]
    questions.append(("784-256-256-10 in (-1, 1)^784, inputs 0 and 1", box))
    questions.append(("the same, with picture", [*box, "--svg", folder / "wide.svg"]))
    for name, options in questions:
        wall, cpu, memory, answer = crease_best([arguments.crease, "regions", *options])
        print(f"| {name} | {answer['activationRegions']} | {wall:.2f} | {cpu:.2f} | {memory:.0f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage=argparse.SUPPRESS
    )
    parser.add_argument("crease")
    parser.add_argument("--oracle", type=pathlib.Path)
    parser.add_argument("--data", type=pathlib.Path)
    parser.add_argument("--relucent")
    parser.add_argument("--limit", type=float, default=120)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counting(arguments, pathlib.Path(folder))
        real(arguments, pathlib.Path(folder))


if __name__ == "__main__":
    main()
