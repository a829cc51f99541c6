import ExactArithmetic
import Networks

/// One hidden layer taken apart: which hyperplane each neuron has, and how it lies to a domain.
///
/// f(x) = Σ_j u_j max(w_j·x + b_j, 0) + c.
///
/// - Exactness: exact.
struct ShallowForm: Sendable {
  /// A neuron.
  struct Unit: Sendable {
    /// (w_j, b_j).
    let row: [Dyadic]
    /// u_j.
    let column: [Dyadic]
    /// Where its hyperplane lies.
    let position: Position

    var weights: ArraySlice<Dyadic> { row.dropLast() }
  }

  /// How a neuron's hyperplane lies to the interior of the domain.
  enum Position: Hashable, Sendable {
    /// It has no weights: there is no hyperplane.
    case none
    /// It meets the interior.
    case meets
    /// The neuron is positive on all of the interior.
    case active
    /// The neuron is at most zero on all of the domain.
    case inactive
  }

  let network: Network
  let domain: InputDomain?
  let units: [Unit]
  /// c.
  let constants: [Dyadic]

  /// - Requires: a sequential network with one hidden layer.
  init(_ network: Network, on domain: InputDomain?) {
    self.network = network
    self.domain = domain
    let (hidden, output) = (network.layers[0], network.layers[1])
    units = (0..<hidden.width).map { j in
      let row = IndicatorPieces.row(hidden, j)
      return Unit(
        row: row, column: (0..<output.width).map { output.blocks.first?.weights[$0, j] ?? .zero },
        position: ShallowForm.position(of: row, in: domain))
    }
    constants = (0..<output.width).map { output.bias[$0, 0] }
  }

  /// Whether networks of this kind can be taken apart.
  static func applies(to network: Network) -> Bool {
    network.layers.count == 2 && network.isSequential && network.layers.allSatisfy { !$0.blocks.isEmpty }
  }

  private static func position(of row: [Dyadic], in domain: InputDomain?) -> Position {
    let bias = row[row.count - 1]
    if row.dropLast().allSatisfy(\.isZero) { return .none }
    guard let sides = domain?.enclosure else { return .meets }
    var (low, high) = (bias, bias)
    for (weight, side) in zip(row, sides) {
      let ends = [weight * Dyadic(side.lower), weight * Dyadic(side.upper)]
      low = low + (ends[0] < ends[1] ? ends[0] : ends[1])
      high = high + (ends[0] < ends[1] ? ends[1] : ends[0])
    }
    return low.sign >= 0 ? .active : high.sign <= 0 ? .inactive : .meets
  }

  /// u_j w_jᵀ, entry by entry.
  func product(_ j: Int) -> [Dyadic] {
    units[j].column.flatMap { u in units[j].weights.map { u * $0 } }
  }

  /// The shortest dyadic row on the ray of another, up to powers of two, and the positive factor that gives the other back.
  static func primitive(_ row: [Dyadic]) -> (row: [Dyadic], factor: Dyadic) {
    let odd = row.filter { !$0.isZero }.map { Dyadic($0.magnitude.oddPart) }
    guard let first = odd.first else { return (row, .one) }
    let divisor = odd.dropFirst().reduce(first.oddPart) { $0.greatestCommonDivisor(with: $1.oddPart) }
    let factor = Dyadic(divisor)
    return (row.map { $0.isZero ? $0 : $0.dividedExactly(by: factor) ?? $0 }, factor)
  }

  /// The network of given rows, columns and constants.
  func network(rows: [[Dyadic]], columns: [[Dyadic]], constants: [Dyadic]) -> Network {
    let outputs = constants.count
    if rows.isEmpty {
      let weights = ExactMatrix(
        rows: outputs, columns: network.inputCount,
        elements: Array(repeating: .zero, count: outputs * network.inputCount))
      return Network(
        inputCount: network.inputCount,
        layers: [
          Network.Layer(
            blocks: [Network.Block(source: 0, weights: weights)],
            bias: ExactMatrix(rows: outputs, columns: 1, elements: constants))
        ], storage: network.storage, domain: network.domain)
    }
    let hidden = Network.Layer(
      blocks: [
        Network.Block(
          source: 0,
          weights: ExactMatrix(
            rows: rows.count, columns: network.inputCount, elements: rows.flatMap { $0.dropLast() }))
      ],
      bias: ExactMatrix(rows: rows.count, columns: 1, elements: rows.map { $0[$0.count - 1] }))
    let output = Network.Layer(
      blocks: [
        Network.Block(
          source: 1,
          weights: ExactMatrix(
            rows: outputs, columns: rows.count,
            elements: (0..<outputs).flatMap { k in columns.map { $0[k] } }))
      ], bias: ExactMatrix(rows: outputs, columns: 1, elements: constants))
    return Network(
      inputCount: network.inputCount, layers: [hidden, output], storage: network.storage,
      lowering: rows.count == units.count ? network.lowering : .exact, domain: network.domain)
  }
}
