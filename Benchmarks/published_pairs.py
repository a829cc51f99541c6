#!/usr/bin/env python3
"""Published pairs for checkers of equivalence, decided by `crease compare`: one row of a Markdown table each.

    python3 Benchmarks/published_pairs.py PATH/TO/crease --data DIR [--oracle DIR] [--only WORD]

Pairs: 16-bit copies of ACAS Xu networks on properties 3 and 4 and of an MNIST network around enlarged digits (NeuroDiff);
classifiers of bit vectors, predictive controllers and an MNIST network (NNEquiv); permuted, rescaled and disturbed
random networks (our own, which peers were run on; the peers' seconds are theirs, from another day on such a machine).
Wall and CPU seconds are those of the whole process, reading included.
"""
import argparse
import json
import os
import resource
import subprocess
import tempfile
import time

import numpy as np

PEERS = {  # seconds of the fastest peer that answers, and which
    ("2-8-8-1", "permscale"): "nnenum 0.16, NNEquiv 0.12, MILP 0.22",
    ("2-8-8-1", "perturbed_big"): "Marabou 0.003, NNEquiv 0.03, nnenum 0.06",
    ("2-16-16-1", "permscale"): "nnenum 0.5, MILP 13",
    ("5-20-20-5", "permscale"): "none answers",
}


def run(crease, a, b, domain, question, limit=300):
    """The JSON document of one comparison, and its wall and CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.time()
    try:
        done = subprocess.run(
            [crease, "compare", a, b, *domain, *question, "--json"], capture_output=True, text=True, timeout=limit)
        document = json.loads(done.stdout) if done.stdout.strip() else {"verdict": done.stderr.strip()}
    except subprocess.TimeoutExpired:
        document = {"verdict": f"nothing in {limit} s"}
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return document, time.time() - start, after.ru_utime - before.ru_utime


def number(value):
    return "" if value is None else f"{value:.3g}"


def row(name, question, document, wall, cpu, peers=""):
    verdict = document.get("kind") or document["verdict"]
    parts = document.get("parts")
    print(
        f"| {name} | {question} | {verdict} | {number(document.get('lowerBound'))} | {number(document.get('upperBound'))} "
        f"| {'' if parts is None else parts} | {wall:.2f} | {cpu:.2f} | {peers} |", flush=True)


def box_file(folder, name, center, radius, low, high, free=()):
    """A box of a radius around a point, cut to a range; coordinates in `free` have the whole range."""
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        for k, x in enumerate(center):
            lo, hi = (low, high) if k in free else (max(low, x - radius), min(high, x + radius))
            file.write(f"{float(lo)!r} {float(hi)!r}\n")
    return ["--box-file", path]


def enlarged_digits(data, count):
    """Digits of 8 x 8 pixels from a network's reference inputs, as images of 28 x 28."""
    inputs = np.load(os.path.join(data, "trained/sklearn/digits_64x32_s1.io.npz"))["x"].astype(float)
    images = []
    for pixels in inputs[:count]:
        image = np.zeros((28, 28))
        image[2:26, 2:26] = np.kron(pixels.reshape(8, 8), np.ones((3, 3)))
        images.append(image.reshape(-1))
    return images


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("crease")
    parser.add_argument("--data", required=True)
    parser.add_argument("--oracle")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    data = options.data

    def compare(name, a, b, domain, question, peers=""):
        if options.only in name:
            row(name, " ".join(question) or "equal", *run(options.crease, a, b, domain, question), peers)

    print("| pair | asked | answer | seen at least | proved at most | parts | wall s | CPU s | peers' seconds |")
    print("|---|---|---|---|---|---|---|---|---|")
    for key in ["1_1", "1_4", "2_1", "2_5", "3_3", "3_9"]:
        a, b = f"{data}/acasxu/nnet/acasxu_{key}.nnet", f"{data}/pairs/neurodiff/acasxu_{key}_16bit.nnet"
        for prop in [3, 4]:
            domain = ["--domain", f"{data}/acasxu/prop/prop_{prop}.vnnlib"]
            compare(f"ACAS Xu {key}, 16 bits, property {prop}", a, b, domain, ["--epsilon", "0.05"])
    with tempfile.TemporaryDirectory() as folder:
        rng = np.random.default_rng(0)
        a, b = (f"{data}/pairs/neurodiff/mnist_relu_3_100{end}.nnet" for end in ["", "_16bit"])
        for k, image in enumerate(enlarged_digits(data, 3)):
            near = box_file(folder, f"near{k}", image, 3 / 255, 0, 1)
            compare(f"MNIST 3x100, 16 bits, digit {k} ± 3/255", a, b, near, ["--epsilon", "1"])
            compare(f"MNIST 3x100, 16 bits, digit {k} ± 3/255", a, b, near, ["--top1", "--budget", "500"])
            free = set(rng.choice(784, 3, replace=False).tolist())
            compare(
                f"MNIST 3x100, 16 bits, digit {k}, 3 pixels free", a, b,
                box_file(folder, f"free{k}", image, 0, 0, 1, free), ["--epsilon", "0.01"])
        a, half = f"{data}/pairs/mnist_keras/mnist_1_1.onnx", os.path.join(folder, "half.npz")
        subprocess.run([options.crease, "convert", a, half], check=True, capture_output=True)
        weights = dict(np.load(half))
        np.savez(half, **{name: value.astype(np.float16).astype(np.float32) for name, value in weights.items()})
        for k, image in enumerate(enlarged_digits(data, 2)):
            near = box_file(folder, f"keras{k}", image, 3 / 255, 0, 1)
            compare(f"MNIST Keras, float16, digit {k} ± 3/255", a, half, near, ["--epsilon", "0.05"])
            compare(f"MNIST Keras, float16, digit {k} ± 3/255", a, half, near, ["--top1", "--budget", "500"])
    for k in range(1, 6):
        a, b = (f"{data}/pairs/bitvec/bitvec_{arch}_{k}.onnx" for arch in [1, 2])
        compare(f"bit vectors {k}, one hidden layer and two", a, b, ["--box", "0,1"], ["--top1"])
        compare(f"bit vectors {k}, one hidden layer and two", a, b, ["--box", "0,1"], ["--budget", "2000"])
    for second in [25, 30, 35]:
        a, b = (f"{data}/pairs/mpc/nn_controller{width}.onnx" for width in [20, second])
        compare(f"controllers 20 and {second}", a, b, ["--box=-1,1"], ["--budget", "2000"])
    if options.oracle:
        for widths in ["2-8-8-1", "2-16-16-1", "5-20-20-5", "5-50-50-5"]:
            for kind in ["permscale", "perturbed", "perturbed_big"]:
                a, b = (f"{options.oracle}/nets/eq_{widths}_{end}.npz" for end in ["A", f"B_{kind}"])
                compare(
                    f"{widths} {kind}", a, b, ["--box=-1,1"], ["--epsilon", "1e-3"],
                    PEERS.get((widths, kind), ""))


if __name__ == "__main__":
    main()
