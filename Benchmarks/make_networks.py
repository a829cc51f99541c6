#!/usr/bin/env python3
"""Writes a pair of float32 networks that define the same real function: OUT_a and OUT_b, .onnx and .safetensors.

B is A with the neurons of each hidden layer permuted and rescaled by powers of two, which rounds nothing.
SIZE is widths joined by "-", as in 784-512-512-10, or a number of parameters, as in 1e6.
"""

import argparse
import json
import math
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save_file


def widths_of(size):
    """The widths written out, or a 64-w-w-w-10 network with about the wanted number of parameters."""
    if "-" in size:
        return [int(w) for w in size.split("-")]
    wanted = float(size)
    # 64 w + w + 2 (w² + w) + 10 w + 10 = 2 w² + 77 w + 10
    width = (-77 + math.sqrt(77 * 77 + 8 * max(wanted - 10, 0))) / 4
    return [64] + 3 * [max(1, round(width))] + [10]


def random_network(widths, rng):
    layers = []
    for n, m in zip(widths, widths[1:]):
        bound = math.sqrt(6 / n)
        layers.append(
            (
                rng.uniform(-bound, bound, size=(m, n)).astype(np.float32),
                rng.uniform(-0.1, 0.1, size=m).astype(np.float32),
            )
        )
    return layers


def disguised(layers, rng):
    """Permuted and rescaled by 2^-8 ... 2^8; exact, which is checked."""
    result = []
    columns, scales = np.arange(layers[0][0].shape[1]), np.ones(layers[0][0].shape[1], np.float32)
    for position, (w, b) in enumerate(layers):
        last = position == len(layers) - 1
        rows = np.arange(len(b)) if last else rng.permutation(len(b))
        own = np.ones(len(b), np.float32) if last else np.exp2(rng.integers(-8, 9, len(b))).astype(np.float32)
        moved = (w[np.ix_(rows, columns)] / scales[None, :]) * own[:, None]
        assert np.array_equal((moved / own[:, None]) * scales[None, :], w[np.ix_(rows, columns)])
        result.append((moved.astype(np.float32), (b[rows] * own).astype(np.float32)))
        columns, scales = rows, own
    return result


def write_onnx(layers, path):
    nodes, weights, name = [], [], "x"
    for k, (w, b) in enumerate(layers):
        weights += [numpy_helper.from_array(w, f"W{k}"), numpy_helper.from_array(b, f"b{k}")]
        last = k == len(layers) - 1
        nodes.append(helper.make_node("Gemm", [name, f"W{k}", f"b{k}"], ["y" if last else f"z{k}"], transB=1))
        if not last:
            nodes.append(helper.make_node("Relu", [f"z{k}"], [f"h{k}"]))
            name = f"h{k}"
    graph = helper.make_graph(
        nodes,
        "mlp",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", layers[0][0].shape[1]])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", layers[-1][0].shape[0]])],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, path)


def write_safetensors(layers, path):
    tensors = {}
    for k, (w, b) in enumerate(layers):
        tensors[f"{k}.weight"] = np.ascontiguousarray(w)
        tensors[f"{k}.bias"] = b
    save_file(tensors, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("size")
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()

    rng = np.random.default_rng(arguments.seed)
    widths = widths_of(arguments.size)
    a = random_network(widths, rng)
    b = disguised(a, rng)
    pathlib.Path(arguments.out).parent.mkdir(parents=True, exist_ok=True)
    files = []
    for suffix, layers in (("a", a), ("b", b)):
        for extension, write in ((".onnx", write_onnx), (".safetensors", write_safetensors)):
            path = f"{arguments.out}_{suffix}{extension}"
            write(layers, path)
            files.append(path)
    print(json.dumps({"widths": widths, "parameters": sum(w.size + b.size for w, b in a), "files": files}))


if __name__ == "__main__":
    main()
