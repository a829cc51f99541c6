#!/usr/bin/env python3
"""Whole processes, one after the other: crease compare against onnxruntime on 10 000 random inputs with allclose.

Usage: against_the_habit.py CREASE [SIZE ...]     sizes as make_networks.py takes them

For each size a pair that is the same real function (permuted, rescaled by powers of two). Prints a row: parameters, fastest
of three wall times and peak memory of each, their ratio, and what each answered.
"""

import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent


def measured(command):
    """Fastest wall time of three runs, CPU time of that run, peak memory in MB, standard output."""
    best = None
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        peak = 0
        while process.poll() is None:
            try:
                status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
                peak = max([peak] + [int(l.split()[1]) for l in status.splitlines() if l.startswith("VmHWM")])
            except OSError:
                pass
            time.sleep(0.002)
        seconds = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if best is None or seconds < best[0]:
            best = (seconds, cpu, peak / 1024, process.stdout.read())
    return best


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    crease, sizes = sys.argv[1], sys.argv[2:] or ["1e4", "784-512-512-10", "1e5", "1e6", "1e7"]
    print("| parameters | crease s (CPU s) | MB | answer | habit s (CPU s) | MB | answer | habit / crease |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            made = subprocess.run(
                [sys.executable, HERE / "make_networks.py", size, f"{folder}/n"],
                check=True, capture_output=True, text=True,
            )
            parameters = json.loads(made.stdout)["parameters"]
            pair = [f"{folder}/n_a.onnx", f"{folder}/n_b.onnx"]
            ours = measured([crease, "compare", *pair, "--json"])
            theirs = measured([sys.executable, str(HERE / "allclose.py"), *pair])
            answer = json.loads(ours[3]).get("kind")
            close = json.loads(theirs[3])["allclose"]
            print(
                f"| {parameters} | {ours[0]:.3f} ({ours[1]:.3f}) | {ours[2]:.0f} | {answer} "
                f"| {theirs[0]:.2f} ({theirs[1]:.2f}) | {theirs[2]:.0f} | allclose {close} "
                f"| {theirs[0] / ours[0]:.1f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
