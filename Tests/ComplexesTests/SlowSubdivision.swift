import Complexes
import ExactArithmetic
import Networks
import Polyhedra

/// The activation regions of a small network, by trying every sign of every neuron.
///
/// Neuron by neuron, in the order of layers, both signs are kept that leave an open set, which Fourier–Motzkin
/// elimination decides in exact arithmetic. It shares nothing with the library but the numbers.
struct SlowSubdivision {
  /// A row (a, b) for a·x + b.
  typealias Row = [Dyadic]

  /// For each hidden neuron, layer after layer: 1 active, -1 inactive, 0 zero on the whole region.
  typealias Signs = [Int8]

  /// The signs on every region.
  private(set) var regions: Set<Signs> = []
  /// How many regions are not bounded.
  private(set) var unboundedRegions = 0

  init(_ network: Network, on domain: SubdivisionDomain) {
    let n = network.inputCount
    var rows = domain.halfSpaces.map { $0.normal + [$0.offset] }
    for (c, side) in (domain.box ?? []).enumerated() {
      rows.append((0...n).map { $0 == c ? .one : $0 == n ? -Dyadic(side.lower) : .zero })
      rows.append((0...n).map { $0 == c ? -.one : $0 == n ? Dyadic(side.upper) : .zero })
    }
    if Self.isFeasible(rows.filter { !$0.allSatisfy(\.isZero) }, isStrict: true) {
      visit(network, [], rows.filter { !$0.allSatisfy(\.isZero) })
    }
  }

  private mutating func visit(_ network: Network, _ signs: Signs, _ rows: [Row]) {
    guard signs.count < network.hiddenNeuronCount else {
      regions.insert(signs)
      if Self.isUnbounded(rows) { unboundedRegions += 1 }
      return
    }
    let form = Self.form(of: signs.count, network, signs)
    if form.allSatisfy(\.isZero) {
      visit(network, signs + [0], rows)
    } else if form.dropLast().allSatisfy(\.isZero) {
      visit(network, signs + [Int8(form[network.inputCount].sign)], rows)
    } else {
      for sign in [Dyadic.one, -Dyadic.one] {
        let more = rows + [form.map { sign * $0 }]
        if Self.isFeasible(more, isStrict: true) { visit(network, signs + [Int8(sign.sign)], more) }
      }
    }
  }

  /// The pre-activation of a hidden neuron as an affine form of the input, where earlier neurons have given signs.
  static func form(of number: Int, _ network: Network, _ signs: Signs) -> Row {
    let n = network.inputCount
    var firsts = [0]
    for layer in network.layers { firsts.append(firsts[firsts.count - 1] + layer.width) }
    let position = firsts.lastIndex { $0 <= number } ?? 0
    let layer = network.layers[position]
    let j = number - firsts[position]
    var sum = Array(repeating: Dyadic.zero, count: n) + [layer.bias[j, 0]]
    for block in layer.blocks {
      for i in 0..<block.weights.columns where !block.weights[j, i].isZero {
        if block.source == 0 {
          sum[i] = sum[i] + block.weights[j, i]
        } else if signs[firsts[block.source - 1] + i] > 0 {
          let inner = form(of: firsts[block.source - 1] + i, network, signs)
          for c in 0...n { sum[c] = sum[c] + block.weights[j, i] * inner[c] }
        }
      }
    }
    return sum
  }

  /// Whether some x has a·x + b > 0 (strict) or ≥ 0 for all rows.
  static func isFeasible(_ rows: [Row], isStrict: Bool) -> Bool {
    var rows = Set(rows)
    while let width = rows.first?.count, width > 1 {
      var next = rows.filter { $0[0].isZero }.map { Array($0.dropFirst()) }
      let positive = rows.filter { $0[0].sign > 0 }
      let negative = rows.filter { $0[0].sign < 0 }
      for p in positive {
        for q in negative {
          // The variable lies above a bound of p and below one of q.
          next.append((1..<width).map { p[0] * q[$0] - q[0] * p[$0] })
        }
      }
      let constants = next.filter { $0.dropLast().allSatisfy(\.isZero) }
      if constants.contains(where: { $0[width - 2].sign < (isStrict ? 1 : 0) }) { return false }
      rows = Set(next).subtracting(constants)
    }
    return rows.allSatisfy { $0[0].sign >= (isStrict ? 1 : 0) }
  }

  /// Whether the closed polyhedron, not empty, contains a ray.
  static func isUnbounded(_ rows: [Row]) -> Bool {
    let n = (rows.first?.count ?? 1) - 1
    let cone = rows.map { Array($0.dropLast()) + [.zero] }
    return (0..<n).contains { c in
      [Dyadic.one, -Dyadic.one].contains { sign in
        let step = (0...n).map { $0 == c ? sign : $0 == n ? -Dyadic.one : .zero }
        return Self.isFeasible(cone + [step], isStrict: false)
      }
    }
  }
}

extension PolyhedralComplex {
  /// The signs of all hidden neurons on a region, 0 for those that are zero on the whole of it.
  func signs(of region: Int) -> SlowSubdivision.Signs {
    let vanishing = Set(vanishingNeurons(of: region))
    return network.hiddenNeurons.map { vanishing.contains($0) ? 0 : isActive($0, on: region) ? 1 : -1 }
  }
}

extension Network {
  /// All hidden neurons, layer after layer.
  var hiddenNeurons: [Neuron] {
    hiddenLayers.enumerated().flatMap { position, layer in
      (0..<layer.width).map { Neuron(layer: position + 1, index: $0) }
    }
  }
}
