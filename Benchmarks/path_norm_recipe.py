"""Path norms of ONNX models by the published recipe: weights to |w|^q, one pass on an input of ones.

An independent road to the numbers of `crease bounds MODEL`: nothing is lowered, the graph itself is evaluated in
float64 by the reference evaluator of the onnx package.

    python3 path_norm_recipe.py model.onnx ... [-q 1 2 4]
"""
import argparse
import copy

import numpy as np
import onnx
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator

REFUSED = {"Abs", "Clip", "HardSigmoid", "LeakyRelu", "Max", "Min", "PRelu", "Scaler", "ConstantOfShape", "Sigmoid", "Softmax", "Tanh"}


def attribute(node, name, default):
    for a in node.attribute:
        if a.name == name:
            return helper.get_attribute_value(a)
    return default


def transformed(model, q):
    """The model with |w|^q, sums for maxima, and powers of averages."""
    model = copy.deepcopy(model)
    graph = model.graph
    constants = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant":
            value = attribute(node, "value", None)
            if value is not None:
                constants[node.output[0]] = numpy_helper.to_array(value)
    inferred = onnx.shape_inference.infer_shapes(model).graph
    ranks = {v.name: len(v.type.tensor_type.shape.dim) for v in list(inferred.value_info) + list(graph.input)}
    nodes, extra = [], {}

    def constant(value):
        name = f"recipe_{len(extra)}"
        extra[name] = np.asarray(value, dtype=np.float64)
        return name

    for node in graph.node:
        kind = node.op_type
        if kind in REFUSED:
            raise ValueError(f"no rule for {kind}")
        if kind == "Constant":
            continue
        if kind == "Gemm" and (attribute(node, "alpha", 1) != 1 or attribute(node, "beta", 1) != 1):
            raise ValueError("Gemm with factors")
        if kind not in ("Conv", "Gemm", "Relu", "Reshape") and len(node.input) > 1 and all(n in constants for n in node.input):
            raise ValueError("constants that the graph computes")
        if kind == "Dropout":
            nodes.append(helper.make_node("Identity", [node.input[0]], [node.output[0]]))
        elif kind == "Cast":
            nodes.append(helper.make_node("Identity", node.input, node.output))
        elif kind == "Sub":
            nodes.append(helper.make_node("Add", node.input, node.output))
        elif kind == "Neg":
            nodes.append(helper.make_node("Identity", node.input, node.output))
        elif kind == "BatchNormalization":
            gamma, beta, mean, var = (constants[n].astype(np.float64) for n in node.input[1:5])
            scale = gamma / np.sqrt(var + attribute(node, "epsilon", 1e-5))
            shape = [-1] + [1] * (ranks[node.input[0]] - 2)
            middle = node.output[0] + "_scaled"
            nodes.append(helper.make_node(
                "Mul", [node.input[0], constant((np.abs(scale) ** q).reshape(shape))], [middle]))
            nodes.append(helper.make_node(
                "Add", [middle, constant((np.abs(beta - mean * scale) ** q).reshape(shape))], [node.output[0]]))
        elif kind in ("MaxPool", "AveragePool"):
            kernel = attribute(node, "kernel_shape", [])
            size = float(np.prod(kernel))
            if attribute(node, "ceil_mode", 0):
                raise ValueError("windows that reach beyond the input")
            kept = {a.name: helper.get_attribute_value(a) for a in node.attribute
                    if a.name not in ("count_include_pad", "storage_order")}
            if kind == "AveragePool" and any(attribute(node, "pads", [0])) and not attribute(node, "count_include_pad", 0):
                raise ValueError("average over a window that padding shortens")
            nodes.append(helper.make_node("AveragePool", node.input, [node.output[0] + "_mean"], count_include_pad=1, **kept))
            factor = size if kind == "MaxPool" else size ** (1 - q)
            nodes.append(helper.make_node("Mul", [node.output[0] + "_mean", constant(factor)], [node.output[0]]))
        elif kind in ("GlobalAveragePool", "ReduceMean", "GlobalMaxPool"):
            raise ValueError(f"{kind} is not needed here")
        else:
            nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)
    old = {n: v for n, v in constants.items()}
    del graph.initializer[:]
    for name, value in old.items():
        if value.dtype.kind == "f":
            value = np.abs(value.astype(np.float64)) ** q
        graph.initializer.append(numpy_helper.from_array(value, name))
    for name, value in extra.items():
        graph.initializer.append(numpy_helper.from_array(value, name))
    return model


def path_norm(model, q):
    """(Σ y)^{1/q} for y the transformed model on ones."""
    names = {t.name for t in model.graph.initializer}
    feeds = {}
    for i in model.graph.input:
        if i.name in names:
            continue
        shape = [d.dim_value if d.dim_value > 0 else 1 for d in i.type.tensor_type.shape.dim]
        feeds[i.name] = np.ones(shape)
    outputs = ReferenceEvaluator(transformed(model, q)).run(None, feeds)
    return float(sum(np.sum(y) for y in outputs)) ** (1 / q)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="+")
    parser.add_argument("-q", nargs="+", type=float, default=[1, 2, 4, 8, 16])
    arguments = parser.parse_args()
    for file in arguments.models:
        try:
            model = onnx.load(file)
            print(file, *(f"{path_norm(model, q):.15e}" for q in arguments.q))
        except Exception as error:
            print(file, "refused:", f"{type(error).__name__}: {str(error)[:120]}")
