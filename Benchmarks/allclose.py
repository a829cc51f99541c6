#!/usr/bin/env python3
"""The habit Crease replaces: run two ONNX files on random inputs and compare the outputs.

Prints one JSON object: seconds_load, seconds_run, max_diff, allclose, peak_mb.
"""

import argparse
import json
import resource
import sys
import time

import numpy as np
import onnxruntime as ort


def open_session(path, threads):
    options = ort.SessionOptions()
    options.log_severity_level = 3
    if threads:
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def run(session, inputs, batch):
    """The outputs at the rows of `inputs`: in batches where the first dimension is free, else one by one."""
    declared = session.get_inputs()[0]
    name, shape = declared.name, declared.shape
    kind = np.float64 if declared.type == "tensor(double)" else np.float32
    batched = len(shape) > 1 and not isinstance(shape[0], int)
    step = batch if batched else 1
    parts = []
    for start in range(0, len(inputs), step):
        part = inputs[start : start + step].astype(kind)
        wanted = [len(part)] + list(shape[1:]) if batched else shape
        result = session.run(None, {name: part.reshape(wanted)})[0]
        parts.append(result.reshape(len(part), -1))
    return np.concatenate(parts)


def input_count(session):
    shape = session.get_inputs()[0].shape
    return int(np.prod([d for d in shape if isinstance(d, int)]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("a")
    parser.add_argument("b")
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--batch", type=int, default=1_000)
    parser.add_argument("--rtol", type=float, default=1e-5)
    parser.add_argument("--atol", type=float, default=1e-8)
    parser.add_argument("--threads", type=int, default=0, help="0: onnxruntime's default")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()

    start = time.perf_counter()
    a = open_session(arguments.a, arguments.threads)
    b = open_session(arguments.b, arguments.threads)
    loaded = time.perf_counter()

    count = input_count(a)
    if count != input_count(b):
        sys.exit(f"{count} inputs against {input_count(b)}")
    rng = np.random.default_rng(arguments.seed)
    inputs = rng.uniform(-0.5, 0.5, size=(arguments.samples, count))

    begin = time.perf_counter()
    ya = run(a, inputs, arguments.batch)
    yb = run(b, inputs, arguments.batch)
    close = bool(np.allclose(ya, yb, arguments.rtol, arguments.atol))
    done = time.perf_counter()

    print(
        json.dumps(
            {
                "seconds_load": round(loaded - start, 4),
                "seconds_run": round(done - begin, 4),
                "max_diff": float(np.max(np.abs(ya.astype(np.float64) - yb.astype(np.float64)))),
                "allclose": close,
                "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
                "samples": arguments.samples,
                "threads": arguments.threads or "default",
                "onnxruntime": ort.__version__,
            }
        )
    )


if __name__ == "__main__":
    main()
