import ExactArithmetic
import LinearAlgebra
import Networks
import Symmetry

/// A proof that some neurons of a layer never change sign on a box.
///
/// The box is divided by ``splits``, and on every part bounds of the pre-activations have the sign that is claimed:
/// z ≥ 0 for ``active`` neurons, z ≤ 0 for ``inactive`` ones.
///
/// - Exactness: nothing by itself: ``Certificate/verify(_:_:)`` computes the bound of every part again.
public struct SignProof: Hashable, Sendable {
  /// The hidden layer, from 1.
  public let layer: Int
  /// The neurons that are nowhere negative before their ReLU.
  public let active: [Int]
  /// The neurons that are nowhere positive before their ReLU.
  public let inactive: [Int]
  /// The tree of splits as in ``BoxTree/splits``; `[-1]` where one bound on the whole box is enough.
  public let splits: [Int]
  /// Whether linear programs over the triangles of the neurons before bound the layer; else strips do.
  public let usesTriangles: Bool

  /// The proof for neurons of a hidden layer, by a tree of splits.
  public init(layer: Int, active: [Int], inactive: [Int], splits: [Int], usesTriangles: Bool = false) {
    self.usesTriangles = usesTriangles
    self.layer = layer
    self.active = active
    self.inactive = inactive
    self.splits = splits
  }

  /// Checks proofs about a network; gives 1 for each neuron proved active, −1 for each proved inactive.
  static func checkedSigns(
    _ proofs: [SignProof], _ network: Network, on domain: InputDomain?, named name: String
  ) throws(ProofFailure) -> [Neuron: Int] {
    var signs: [Neuron: Int] = [:]
    if proofs.isEmpty { return signs }
    guard let box = domain?.enclosure else {
      throw ProofFailure(step: "signs of \(name)", reason: "signs are proved on a box")
    }
    for proof in proofs {
      let ranges = try proof.ranges(of: network, over: box, named: name)
      for (sign, neurons) in [(1, proof.active), (-1, proof.inactive)] {
        for i in neurons {
          guard ranges.indices.contains(i), sign > 0 ? ranges[i].lower >= 0 : ranges[i].upper <= 0 else {
            throw ProofFailure(
              step: "\(Neuron(layer: proof.layer, index: i)) of \(name)",
              reason: "the parts do not show that it is \(sign > 0 ? "active" : "inactive")")
          }
          signs[Neuron(layer: proof.layer, index: i)] = sign
        }
      }
    }
    return signs
  }

  /// The ranges of the layer's pre-activations that the parts show.
  func ranges(
    of network: Network, over box: [Interval], named name: String = "the network"
  ) throws(ProofFailure) -> [Interval] {
    guard layer > 0, layer <= network.hiddenLayers.count else {
      throw ProofFailure(step: "signs of \(name)", reason: "there is no hidden layer \(layer)")
    }
    let part = network.preactivations(ofLayer: layer, Array(0..<network.layers[layer - 1].width))
    let replay = try BoxReplay(part, .zero(inputs: part.inputCount, outputs: part.outputCount), pairs: [])
    var result: [Interval]?
    try BoxTree(pairs: [], splits: splits).check(
      replay, over: box, usesTriangles: usesTriangles, threads: Concurrency.coreCount, progress: Progress(),
      { $0.preactivations[layer - 1] },
      { _, ranges in
        result =
          result.map { zip($0, ranges).map { Interval(min($0.lower, $1.lower), max($0.upper, $1.upper)) } }
          ?? ranges
      })
    guard let result else { throw ProofFailure(step: "signs of \(name)", reason: "a proof without parts") }
    return result
  }
}

extension Network {
  /// The network whose outputs are pre-activations of one layer, or their negatives.
  ///
  /// - Exactness: exact for the stored entries.
  func preactivations(ofLayer layer: Int, _ neurons: [Int], isNegated: Bool = false) -> Network {
    let whole = layers[layer - 1]
    func rows(_ matrix: ExactMatrix) -> ExactMatrix {
      ExactMatrix(
        rows: neurons.count, columns: matrix.columns,
        elements: neurons.flatMap { i in
          (0..<matrix.columns).map { isNegated ? -matrix[i, $0] : matrix[i, $0] }
        })
    }
    let outputs = Layer(
      blocks: whole.blocks.map { Block(source: $0.source, weights: rows($0.weights)) }, bias: rows(whole.bias)
    )
    return Network(inputCount: inputCount, layers: Array(layers[..<(layer - 1)]) + [outputs])
  }

  /// The network without neurons whose outputs are 0.
  static func zero(inputs: Int, outputs: Int) -> Network {
    let bias = ExactMatrix(column: Array(repeating: 0, count: outputs))
    return Network(inputCount: inputs, layers: [Layer(blocks: [], bias: bias)])
  }

  /// What proofs say of the hidden neurons; nothing where there are none.
  func signs(by proofs: [SignProof]) -> [[Sign]] {
    if proofs.isEmpty { return [] }
    var signs = hiddenLayers.map { Array(repeating: Sign.open, count: $0.width) }
    for proof in proofs where signs.indices.contains(proof.layer - 1) {
      for i in proof.active where signs[proof.layer - 1].indices.contains(i) {
        signs[proof.layer - 1][i] = .nonnegative
      }
      for i in proof.inactive where signs[proof.layer - 1].indices.contains(i) {
        signs[proof.layer - 1][i] = .nonpositive
      }
    }
    return signs
  }
}
