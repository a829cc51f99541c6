import ExactArithmetic
import LinearAlgebra
import Networks

/// A mixing of the neurons of one layer: the closed form of hidden symmetries among neurons that act linearly.
///
/// Definition: with W, b the rows of the layer and U its readers' columns, an invertible G and a c give
///
///     (W, b) ↦ (G W, G b + c),   (U, b′) ↦ (U G⁻¹, b′ − U G⁻¹ c),
///
/// the same function as long as the neurons that G and c mix are active wherever they are seen. G is a product of
/// I + s E_ij with i ≠ j, whose inverses are I − s E_ij: so both are dyadic. Its diagonal would only rescale.
///
/// - Exactness: the coefficients are found by least squares, in doubles; any coefficients give an exact mixing.
struct LayerMixing: Sendable {
  /// The layer, from 1.
  let layer: Int
  private let factors: [(i: Int, j: Int, factor: Double)]
  private let shifts: [(i: Int, shift: Double)]

  /// The most neurons of a layer that are mixed.
  private static let neuronLimit = 12
  /// The coefficients keep this many bits: few, since entries take up the bits of all of them.
  private static let coefficientBits = 20
  /// How far a direction may be from a mixing, relatively.
  private static let tolerance = 1e-9

  /// The mixing whose derivative is a direction, up to rescalings; nil where there is none.
  init?(along direction: [HiddenSymmetry.Entry], of network: Network) {
    let parts = StarParts(network)
    let names = direction.map { parts.layout.name(at: $0.index) }
    let mixings = (1..<max(1, network.layers.count)).lazy.compactMap { layer -> LayerMixing? in
      guard let neurons = parts.mixedNeurons(names, layer: layer), neurons.count <= LayerMixing.neuronLimit,
        let found = LayerMixing.coefficients(direction, parts, layer, neurons)
      else { return nil }
      return LayerMixing(layer: layer, neurons: neurons, coefficients: found)
    }
    guard let first = mixings.first(where: { !$0.factors.isEmpty }) else { return nil }
    self = first
  }

  /// A mixing by the entries of its matrix, row by row, and its shifts.
  private init(layer: Int, neurons: [Int], coefficients: [Double]) {
    self.layer = layer
    let count = neurons.count
    factors = neurons.indices.flatMap { a in
      neurons.indices.filter { $0 != a }.map { b in (neurons[a], neurons[b], coefficients[a * count + b]) }
    }.filter { $0.2 != 0 }
    shifts = neurons.indices.map { (neurons[$0], coefficients[count * count + $0]) }.filter { $0.1 != 0 }
  }

  /// The entries of the mixing matrix and the shifts, row by row; nil where least squares leave a residue.
  private static func coefficients(
    _ direction: [HiddenSymmetry.Entry], _ parts: StarParts, _ layer: Int, _ neurons: [Int]
  ) -> [Double]? {
    var unknowns: [[(index: Int, value: Dyadic)]] = []
    for i in neurons {
      for j in neurons {
        let (target, other) = (Neuron(layer: layer, index: i), Neuron(layer: layer, index: j))
        unknowns.append(parts.row(of: other, at: target) + parts.column(of: target, at: other, negated: true))
      }
    }
    for i in neurons { unknowns.append(parts.shift(of: Neuron(layer: layer, index: i))) }
    // Only parameters that the direction or an unknown changes give an equation.
    let touched = Set(direction.map(\.index)).union(unknowns.joined().map(\.index)).sorted()
    let place = Dictionary(uniqueKeysWithValues: touched.enumerated().map { ($1, $0) })
    var matrix = Matrix(repeating: 0.0, rows: touched.count, columns: unknowns.count)
    for (column, entries) in unknowns.enumerated() {
      for entry in entries { matrix[place[entry.index, default: 0], column] += entry.value.nearestDouble }
    }
    var right = Array(repeating: 0.0, count: touched.count)
    for entry in direction { right[place[entry.index, default: 0]] = entry.value.nearestDouble }
    let found = matrix.numericalLeastSquares(right, tolerance: 1e-11)
    for row in touched.indices {
      let product = zip(matrix.row(row), found).reduce(0) { $0 + $1.0 * $1.1 }
      if (product - right[row]).magnitude > tolerance { return nil }
    }
    let size = found.reduce(0) { max($0, $1.magnitude) }
    return found.map { $0.magnitude < 1e-9 * size ? 0 : rounded($0) }
  }

  /// A number with few bits.
  private static func rounded(_ value: Double) -> Double {
    let unit = Double(sign: .plus, exponent: value.exponent - coefficientBits, significand: 1)
    return (value / unit).rounded() * unit
  }

  /// The parameters after mixing by a multiple of the coefficients, exactly.
  func applied(to network: Network, by step: Dyadic) -> Parameters {
    let parts = StarParts(network)
    var parameters = network.parameters
    func add(_ factor: Dyadic, from source: [Int], to target: [Int]) {
      for (from, to) in zip(source, target) {
        parameters.values[to] = parameters.values[to] + factor * parameters.values[from]
      }
    }
    for (i, j, coefficient) in factors {
      let factor = Dyadic(coefficient) * step
      let (a, b) = (Neuron(layer: layer, index: i), Neuron(layer: layer, index: j))
      add(factor, from: parts.rowIndices(of: b), to: parts.rowIndices(of: a))
      add(-factor, from: parts.columnIndices(of: a), to: parts.columnIndices(of: b))
    }
    for (i, coefficient) in shifts {
      let (shift, neuron) = (Dyadic(coefficient) * step, Neuron(layer: layer, index: i))
      guard let bias = parts.rowIndices(of: neuron).last else { continue }
      parameters.values[bias] = parameters.values[bias] + shift
      add(-shift, from: parts.columnIndices(of: neuron), to: parts.readerBiases(of: neuron))
    }
    return parameters
  }
}

/// The places of the parameters around a neuron: its row, the weights that read it, and their rows' biases.
struct StarParts: Sendable {
  let layout: ParameterLayout
  private let values: [Dyadic]

  init(_ network: Network) {
    layout = ParameterLayout(of: network)
    values = network.parameters.values
  }

  /// The weights and, last, the bias of a neuron.
  func rowIndices(of neuron: Neuron) -> [Int] {
    Array(layout.range(ofRow: neuron.index, layer: neuron.layer))
  }

  /// The weights that read a neuron.
  func columnIndices(of neuron: Neuron) -> [Int] { readers(of: neuron).map(\.weight) }

  /// The biases of the rows that read a neuron, in the same order.
  func readerBiases(of neuron: Neuron) -> [Int] { readers(of: neuron).map(\.bias) }

  private func readers(of neuron: Neuron) -> [(weight: Int, bias: Int)] {
    layout.layers.enumerated().flatMap { position, shape -> [(weight: Int, bias: Int)] in
      guard let source = shape.source(neuron.layer) else { return [] }
      return (0..<shape.width).map { row in
        let range = layout.range(ofRow: row, layer: position + 1)
        return (range.lowerBound + source.offset + neuron.index, range.upperBound - 1)
      }
    }
  }

  /// The row of a neuron, at the places of another's.
  func row(of neuron: Neuron, at target: Neuron) -> [(index: Int, value: Dyadic)] {
    zip(rowIndices(of: target), rowIndices(of: neuron)).map { ($0, values[$1]) }
  }

  /// The weights that read a neuron, at the places of another's.
  func column(of neuron: Neuron, at target: Neuron, negated: Bool) -> [(index: Int, value: Dyadic)] {
    zip(columnIndices(of: target), columnIndices(of: neuron)).map { ($0, negated ? -values[$1] : values[$1]) }
  }

  /// What a bias trades with: 1 on it, minus the weights that read the neuron on their rows' biases.
  func shift(of neuron: Neuron) -> [(index: Int, value: Dyadic)] {
    zip(readerBiases(of: neuron), columnIndices(of: neuron)).map { ($0, -values[$1]) }
      + rowIndices(of: neuron).suffix(1).map { ($0, .one) }
  }

  /// The neurons of a layer that parameters belong to, where all of them lie in rows of the layer, in the columns that
  /// read it, or in its readers' biases.
  func mixedNeurons(_ names: [ParameterLayout.Name], layer: Int) -> [Int]? {
    var neurons: Set<Int> = []
    for name in names {
      switch name {
      case .bias(let position, let row), .weight(let position, let row, _, _):
        if position == layer {
          neurons.insert(row)
          continue
        }
      }
      switch name {
      case .weight(_, _, let source, let column):
        guard source == layer else { return nil }
        neurons.insert(column)
      case .bias(let position, _):
        guard position > layer, layout.layers[position - 1].source(layer) != nil else { return nil }
      }
    }
    return neurons.isEmpty ? nil : neurons.sorted()
  }
}
