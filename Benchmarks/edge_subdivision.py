#!/usr/bin/env python3
"""Activation regions of a network in a box by edge subdivision, in vectorised numpy and floating point.

Usage: edge_subdivision.py NETWORK.npz [--box R]      layers as W0, b0, W1, b1, ...; W is outputs x inputs

The peer that Crease is measured against: the method of Berzins (2023), written anew. Only vertices and edges are kept.
Each neuron splits the edges along which its sign changes; two new vertices are joined when the edges they split bound
one polygon. In general position a vertex of the box's subdivision lies on d of the hyperplanes, an edge on d - 1, a
polygon on d - 2, and every other sign is fixed; so a face is known by the hyperplanes it lies on and by a hash of the
signs of the others: the sum of sign times a random number, modulo 2^64.

Signs are those of floating point: nothing is proved, and networks that are not in general position are refused.

Prints one JSON object: regions, vertices, edges, least_value, cpu_seconds, peak_mb.
"""

import argparse
import itertools
import json
import resource
import time

import numpy as np


class EdgeSubdivision:
    """The vertices and edges of a subdivided box (-radius, radius)^d."""

    def __init__(self, dimension, radius, constraints):
        d = dimension
        self.dimension = d
        # A random number for the sign of each hyperplane; those of the box are the first 2d.
        rng = np.random.default_rng(0)
        self.key = rng.integers(0, 2**64, size=2 * d + constraints, dtype=np.uint64)
        signs = np.array(list(itertools.product((-1, 1), repeat=d)))
        self.points = radius * signs.astype(float)
        # On the lower side of a coordinate lies constraint 2c, on the upper one constraint 2c + 1.
        touched = 2 * np.arange(d) + (signs > 0)
        others = 4 * np.arange(d) + 1 - touched
        self.tight = touched
        self.hash = self.key[others].sum(axis=1, dtype=np.uint64)
        edges, edge_tight, edge_hash = [], [], []
        for c in range(d):
            lower = np.flatnonzero(signs[:, c] < 0)
            rest = np.delete(np.arange(d), c)
            edges.append(np.stack([lower, lower + 2 ** (d - 1 - c)], axis=1))
            edge_tight.append(touched[np.ix_(lower, rest)])
            hashes = self.key[others[np.ix_(lower, rest)]].sum(axis=1, dtype=np.uint64)
            edge_hash.append(hashes + self.key[2 * c] + self.key[2 * c + 1])
        self.edges = np.concatenate(edges)
        self.edge_tight = np.concatenate(edge_tight)
        self.edge_hash = np.concatenate(edge_hash)
        self.least_value = np.inf

    def split(self, values, number):
        """Splits by the neuron with these values at the vertices; returns where the new vertices lie on old edges."""
        key = self.key[number : number + 1]
        self.least_value = min(self.least_value, np.abs(values).min())
        if self.least_value == 0:
            raise ValueError("not in general position: a neuron is zero at a vertex")
        isUp = values > 0
        count = len(values)
        ends = isUp[self.edges]
        cut = np.flatnonzero(ends[:, 0] != ends[:, 1])
        # The new vertices, from the lower end of their edge to the upper one.
        pairs = self.edges[cut]
        low = np.where(ends[cut, 0], pairs[:, 1], pairs[:, 0])
        high = np.where(ends[cut, 0], pairs[:, 0], pairs[:, 1])
        part = values[low] / (values[low] - values[high])
        fresh = count + np.arange(len(cut))
        joins, join_tight, join_hash = self._joins(cut, fresh, number)
        column = np.full((len(cut), 1), number)
        self.tight = np.concatenate([self.tight, np.hstack([self.edge_tight[cut], column])])
        self.hash = np.concatenate([self.hash + np.where(isUp, key, -key), self.edge_hash[cut]])
        # A cut edge keeps its lower part in place; the upper parts are added.
        self.edges[cut] = np.stack([low, fresh], axis=1)
        upper = np.stack([fresh, high], axis=1)
        upper_hash = self.edge_hash[cut] + key
        edge_up = ends[:, 0].copy()
        edge_up[cut] = False
        self.edge_hash += np.where(edge_up, key, -key)
        self.edges = np.concatenate([self.edges, upper, joins])
        self.edge_tight = np.concatenate([self.edge_tight, self.edge_tight[cut], join_tight])
        self.edge_hash = np.concatenate([self.edge_hash, upper_hash, join_hash])
        return low, high, part

    def _joins(self, cut, fresh, number):
        """The new edges: across each polygon of which two edges are cut."""
        d = self.dimension
        ends, tights, hashes = [], [], []
        for place in range(d - 1):
            # Leave one of the hyperplanes of the edge, to either side; a side of the box has only one.
            left = self.edge_tight[cut, place]
            rest = np.delete(self.edge_tight[cut], place, axis=1)
            inner = left >= 2 * d
            ends += [fresh, fresh[inner]]
            tights += [rest, rest[inner]]
            hashes += [self.edge_hash[cut] + self.key[left], (self.edge_hash[cut] - self.key[left])[inner]]
        if not ends:
            return np.empty((0, 2), int), np.empty((0, 0), int), np.empty(0, np.uint64)
        ends, tights, hashes = np.concatenate(ends), np.concatenate(tights), np.concatenate(hashes)
        order = np.argsort(hashes)
        first, second = order[0::2], order[1::2]
        if len(order) % 2 or not np.array_equal(hashes[first], hashes[second]):
            raise ValueError("not in general position: a polygon has not two cut edges")
        column = np.full((len(first), 1), number)
        return (
            np.stack([ends[first], ends[second]], axis=1),
            np.hstack([tights[first], column]),
            hashes[first],
        )

    def add_points(self, points):
        self.points = np.concatenate([self.points, points])

    def count_regions(self, chunk=1 << 16):
        """Around each vertex every choice of the signs of its neurons is a region."""
        d = self.dimension
        found = []
        for start in range(0, len(self.hash), chunk):
            hashes = self.hash[start : start + chunk, None]
            tight = self.tight[start : start + chunk]
            for place in range(d):
                key = self.key[tight[:, place]][:, None]
                isSide = tight[:, place, None] < 2 * d
                # The inner side of the box twice, rather than a ragged array.
                hashes = np.hstack([hashes + key, np.where(isSide, hashes + key, hashes - key)])
            found.append(np.unique(hashes))
        return len(np.unique(np.concatenate(found)))


def subdivide(layers, radius):
    """The subdivision of the box by the hidden neurons of [(weights, bias), ...]."""
    hidden = layers[:-1]
    d = hidden[0][0].shape[1]
    result = EdgeSubdivision(d, radius, sum(len(b) for _, b in hidden))
    number = 2 * d
    for depth, (weights, bias) in enumerate(hidden):
        signals = result.points
        for earlier, offset in hidden[:depth]:
            signals = np.maximum(signals @ earlier.T + offset, 0)
        # A layer is affine on each edge, so that new vertices interpolate it.
        values = signals @ weights.T + bias
        for j in range(len(bias)):
            low, high, part = result.split(values[:, j], number + j)
            weight = part[:, None]
            points = result.points
            result.add_points(points[low] + weight * (points[high] - points[low]))
            fresh = values[low] + weight * (values[high] - values[low])
            values = np.concatenate([values, fresh])
        number += len(bias)
    return result


def read(path):
    with np.load(path) as file:
        count = len(file.files) // 2
        return [(file[f"W{k}"].astype(float), file[f"b{k}"].astype(float)) for k in range(count)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("network")
    parser.add_argument("--box", type=float, default=1.0)
    arguments = parser.parse_args()
    layers = read(arguments.network)
    start = time.process_time()
    result = subdivide(layers, arguments.box)
    regions = result.count_regions()
    seconds = time.process_time() - start
    print(
        json.dumps(
            {
                "regions": regions,
                "vertices": len(result.points),
                "edges": len(result.edges),
                "least_value": float(result.least_value),
                "cpu_seconds": round(seconds, 4),
                "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
