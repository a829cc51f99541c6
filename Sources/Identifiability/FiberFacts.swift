import ExactArithmetic
import Foundation
import Networks

/// What is known of the fiber of a network: the parameters near θ, and their permutations, with the same function.
///
/// - Exactness: the bounds of the dimension are proved. Interchangeable neurons are found exactly; other symmetries of
///   the wiring may make the orbit of the permutations smaller still.
public struct FiberFacts: Hashable, Sendable {
  /// The number of independent rescalings.
  public let rescalings: Int
  /// The number of hidden directions.
  public let hidden: Int
  /// Directions along which whole lines through θ, all at once, leave every signal that is read unchanged.
  public let linear: Int
  /// An upper bound of the local dimension of the fiber: D minus the certified rank.
  public let upper: Int
  /// The number of permutations Π n_l!, where it has at most 60 digits.
  public let permutations: BigInteger?
  /// log₁₀ Π n_l!.
  public let logPermutations: Double
  /// log₁₀ of the number of permutations that exchange only interchangeable neurons, which rescalings undo.
  public let logStabilizer: Double
  /// The size of the orbit of the permutations up to rescalings, where it has at most 60 digits; an upper bound.
  public let orbit: BigInteger?
  /// The groups of interchangeable neurons: positive multiples of one another, whose outgoing weights are the inverse
  /// multiples.
  public let interchangeable: [[Neuron]]
  /// What gradient flow conserves at θ.
  public let laws: ConservationLaws

  /// A lower bound of the local dimension of the fiber.
  public var lower: Int { rescalings + linear }

  /// log₁₀ of the size of the orbit of the permutations up to rescalings; an upper bound.
  public var logOrbit: Double { max(0, logPermutations - logStabilizer) }

  init(_ network: Network, rank: Int, rescalings: Int, symmetries: [HiddenSymmetry], roles: NeuronRoles) {
    let shapes = NeuronShapes(network)
    self.rescalings = rescalings
    hidden = symmetries.count
    upper = shapes.layout.count - rank
    laws = ConservationLaws(shapes, independent: rescalings, upper: upper)
    // Either kind moves θ in a linear space: signals stay, or no one reads them. Together they may interfere.
    let preserving = symmetries.count { $0.keepsSignals(shapes, roles) }
    let unread = symmetries.count { $0.movesUnreadNeuron(shapes) }
    linear = max(preserving, unread)

    let widths = network.hiddenLayers.map(\.width)
    var groups: [[Neuron]] = []
    for (position, width) in widths.enumerated() {
      var layerGroups: [[Neuron]] = []
      for neuron in (0..<width).map({ Neuron(layer: position + 1, index: $0) }) {
        if let k = layerGroups.firstIndex(where: { shapes.areInterchangeable($0[0], neuron) }) {
          layerGroups[k].append(neuron)
        } else {
          layerGroups.append([neuron])
        }
      }
      groups += layerGroups.filter { $0.count > 1 }
    }
    interchangeable = groups
    let all = FactorialProduct(widths)
    let stabilizer = FactorialProduct(groups.map(\.count))
    logPermutations = all.log10
    logStabilizer = stabilizer.log10
    permutations = all.value
    orbit = all.value.flatMap { value in stabilizer.value.flatMap { value.dividedExactly(by: $0) } }
  }
}

/// A product of factorials.
struct FactorialProduct {
  /// Its logarithm to base 10.
  let log10: Double
  /// The product, where it has at most 60 digits.
  let value: BigInteger?

  init(_ arguments: [Int]) {
    log10 = arguments.reduce(0) { $0 + lgamma(Double($1) + 1) } / M_LN10
    guard log10 < 60 else {
      value = nil
      return
    }
    var product = BigInteger(1)
    for n in arguments where n > 1 {
      for k in 2...n { product = product * BigInteger(Int64(k)) }
    }
    value = product
  }
}

extension NeuronShapes {
  /// Whether exchanging two neurons of a layer is undone by rescaling them.
  func areInterchangeable(_ a: Neuron, _ b: Neuron) -> Bool {
    let (rowA, rowB) = (incoming(a), incoming(b))
    let (columnA, columnB) = (outgoing(a), outgoing(b))
    // row_a = c row_b and column_b = c column_a for one c > 0.
    let pairs = Array(zip(rowA, rowB)) + Array(zip(columnB, columnA))
    guard let pivot = pairs.first(where: { !$0.0.isZero || !$0.1.isZero }) else { return true }
    if pivot.0.sign != pivot.1.sign { return false }
    return pairs.allSatisfy { ($0.0 * pivot.1 - $0.1 * pivot.0).isZero }
  }
}

extension HiddenSymmetry {
  /// Whether θ + t v computes the same signals for all t: v puts a relation among signals into the row of one neuron.
  func keepsSignals(_ shapes: NeuronShapes, _ roles: NeuronRoles) -> Bool {
    guard scope == .allInputs, let row = onlyRow(shapes.layout) else { return false }
    switch mechanism {
    case .inactive, .zeroRow, .stablyActive, .twin, .opposite, .fixedInput: break
    default: return false
    }
    if row.layer == shapes.layout.layers.count { return true }
    // In the row of a neuron without effect it could be the effect that is missing, not the signals.
    return roles[row] != .inactive && !shapes.isUnread(row)
      && !(entries.count == 1 && !readsInactive(shapes.layout, roles))
  }

  /// Whether v changes parameters of one neuron only, all of whose outgoing weights are 0.
  func movesUnreadNeuron(_ shapes: NeuronShapes) -> Bool {
    guard let row = onlyRow(shapes.layout), row.layer < shapes.layout.layers.count else { return false }
    return shapes.isUnread(row)
  }

  private func readsInactive(_ layout: ParameterLayout, _ roles: NeuronRoles) -> Bool {
    entries.allSatisfy {
      guard case .weight(_, _, let source, let column) = layout.name(at: $0.index), source > 0 else {
        return false
      }
      return roles[Neuron(layer: source, index: column)] == .inactive
    }
  }

  /// The only row with entries; of the output layer too.
  private func onlyRow(_ layout: ParameterLayout) -> Neuron? {
    var row: Neuron?
    for entry in entries {
      let next: Neuron
      switch layout.name(at: entry.index) {
      case .bias(let layer, let index), .weight(let layer, let index, _, _):
        next = Neuron(layer: layer, index: index)
      }
      if let row, row != next { return nil }
      row = next
    }
    return row
  }
}
