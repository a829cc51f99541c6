import Equivalence
import ExactArithmetic
import LinearAlgebra
import Networks

/// The least number of hidden neurons with which one hidden layer computes the function of a network, and such a network.
///
/// Definition: f = Σ_j m_j max(t_j, 0) + a·x + c with n distinct hyperplanes t_j = 0 that meet the interior of the domain and m_j ≠ 0. A set S of
/// neurons turned around leaves a_S = a + Σ_{j∈S} m_j w_j to be made.
///
/// - If a_S = 0 for some S, the least number is n.
/// - On a box it is n + 1 otherwise, one output given: a neuron that is always active makes a_S.
/// - On all of ℝⁿ it is n + 1 if a_S is a multiple of some w_j, by a second neuron on that hyperplane; else n + 2.
///
/// With several outputs a_S is a matrix, and the bounds may differ.
///
///     try MinimalWidth(of: network).width                              // |x₁| + x₂: 3
///
/// - Exactness: exact. ``network`` is proved to have the same function by ``Network/compared(with:options:)``.
/// - Reference: [DK22] the least number of neurons of a shallow network.
public struct MinimalWidth: Sendable {
  /// The number n of hyperplanes at which the gradient jumps.
  public let hyperplanes: Int
  /// The proved bounds of the least number of hidden neurons.
  public let bounds: ClosedRange<Int>
  /// A network with the upper bound's number of hidden neurons, proved to have the same function; nil where its entries are no
  /// dyadic numbers.
  public let network: Network?

  /// The least number of hidden neurons, where it is proved.
  public var width: Int? { bounds.lowerBound == bounds.upperBound ? bounds.lowerBound : nil }

  /// Finds the least width on a box, or on all of ℝⁿ for nil.
  ///
  /// - Requires: ``ShallowIdentifiability/applies(to:)``; a box has an interior.
  /// - Throws: `CancellationError`.
  public init(of network: Network, on domain: InputDomain? = nil, progress: Progress = Progress()) throws {
    precondition(ShallowForm.applies(to: network), "one hidden layer, not \(network.layers.count - 1)")
    precondition(
      domain?.enclosure.allSatisfy { $0.lower < $0.upper } ?? true, "the box holds an input fixed")
    try progress.step("gathering hyperplanes")
    let form = ShallowForm(network, on: domain)
    let kinks = KinkForm(form)
    hyperplanes = kinks.kinks.count
    try progress.step("looking for the least width")
    let plan = WidthPlan(kinks, isBounded: domain != nil)
    bounds = plan.bounds
    guard let parts = plan.parts else {
      self.network = nil
      return
    }
    let candidate = form.network(rows: parts.rows, columns: parts.columns, constants: parts.constants)
    let options = ComparisonOptions(domain: domain, witnessSamples: 16, progress: progress)
    if case .equivalent(.identical) = try network.compared(with: candidate, options: options).verdict {
      self.network = candidate
    } else {
      self.network = nil
    }
  }
}

/// A shallow network as its kinks and an affine map.
struct KinkForm {
  struct Kink {
    let row: [Dyadic]
    var column: [Dyadic]
  }

  /// The hyperplanes at which the gradient jumps: rows without common factor, columns that are not zero.
  let kinks: [Kink]
  /// For each output the coefficients of the affine rest, the constant last.
  let rest: [[Dyadic]]
  let domain: InputDomain?

  init(_ form: ShallowForm) {
    domain = form.domain
    var rest = form.constants.map { constant in
      Array(repeating: Dyadic.zero, count: form.network.inputCount) + [constant]
    }
    var kinks: [Kink] = []
    var place: [[Dyadic]: Int] = [:]
    func add(_ column: [Dyadic], times row: [Dyadic]) {
      for k in rest.indices { rest[k] = zip(rest[k], row).map { $0 + column[k] * $1 } }
    }
    for unit in form.units {
      switch unit.position {
      case .inactive: break
      case .active: add(unit.column, times: unit.row)
      case .none: if unit.row[unit.row.count - 1].sign > 0 { add(unit.column, times: unit.row) }
      case .meets:
        var (row, factor) = ShallowForm.primitive(unit.row)
        if let pivot = row.first(where: { !$0.isZero }) {
          factor = factor.scaled(byPowerOfTwo: pivot.binaryExponent)
          row = row.map { $0.scaled(byPowerOfTwo: -pivot.binaryExponent) }
        }
        let column = unit.column.map { $0 * factor }
        if let index = place[row] {
          kinks[index].column = zip(kinks[index].column, column).map { $0 + $1 }
        } else if let index = place[row.map { -$0 }] {
          // max(−t, 0) = max(t, 0) − t.
          kinks[index].column = zip(kinks[index].column, column).map { $0 + $1 }
          add(column, times: row)
        } else {
          place[row] = kinks.count
          kinks.append(Kink(row: row, column: column))
        }
      }
    }
    self.kinks = kinks.filter { !$0.column.allSatisfy(\.isZero) }
    self.rest = rest
  }

  /// a: the linear part of the rest, output after output.
  var linear: [Dyadic] { rest.flatMap { $0.dropLast() } }

  /// m_j w_jᵀ for each kink.
  var products: [[Dyadic]] {
    kinks.map { kink in kink.column.flatMap { m in kink.row.dropLast().map { m * $0 } } }
  }

  /// The kinks with those of a set turned around, and the rest that is left.
  func turned(_ set: [Int]) -> (rows: [[Dyadic]], columns: [[Dyadic]], rest: [[Dyadic]]) {
    var rows = kinks.map(\.row)
    var rest = rest
    for j in set {
      for k in rest.indices { rest[k] = zip(rest[k], rows[j]).map { $0 + kinks[j].column[k] * $1 } }
      rows[j] = rows[j].map { -$0 }
    }
    return (rows, kinks.map(\.column), rest)
  }
}

/// How many neurons a kink form takes, and which.
struct WidthPlan {
  typealias Parts = (rows: [[Dyadic]], columns: [[Dyadic]], constants: [Dyadic])

  let bounds: ClosedRange<Int>
  let parts: Parts?

  init(_ form: KinkForm, isBounded: Bool) {
    let n = form.kinks.count
    let target = form.linear.map { -$0 }
    let products = form.products
    func constants(_ rest: [[Dyadic]]) -> [Dyadic] { rest.map { $0[$0.count - 1] } }
    let exact = VanishingSum.find(products, target: target, allowsEmpty: true)
    if case .set(let set) = exact {
      let turned = form.turned(set)
      (bounds, parts) = (n...n, (turned.rows, turned.columns, constants(turned.rest)))
      return
    }
    let least = exact == .none ? n + 1 : n
    if isBounded {
      let made = WidthPlan.active(form)
      bounds = least...max(least, made.rows.count)
      parts = made
      return
    }
    guard form.rest.count == 1 else {
      let made = WidthPlan.pairs(form)
      bounds = least...max(least, made.rows.count)
      parts = made
      return
    }
    var isDecided = exact == .none
    for (j, kink) in form.kinks.enumerated() {
      let line = Array(kink.row.dropLast())
      switch VanishingSum.find(products, target: target, modulo: line) {
      case .none: continue
      case .tooMany: isDecided = false
      case .set(let set):
        bounds = least...(n + 1)
        parts = WidthPlan.second(on: j, form.turned(set))
        return
      }
    }
    let made = WidthPlan.pairs(form)
    bounds = (isDecided ? n + 2 : least)...(n + 2)
    parts = made
  }

  /// On a box: the rest by neurons that are always active, one for each output or each input that it involves.
  private static func active(_ form: KinkForm) -> Parts {
    var (rows, columns, rest) = form.turned([])
    let sides = form.domain?.enclosure ?? []
    for (weights, column) in terms(rest) {
      var lift = Dyadic.one
      for (weight, side) in zip(weights, sides) { lift = lift + weight.magnitude * Dyadic(side.magnitude) }
      rows.append(weights + [lift])
      columns.append(column)
      for k in rest.indices {
        let last = rest[k].count - 1
        rest[k][last] = rest[k][last] - column[k] * lift
      }
    }
    return (rows, columns, rest.map { $0[$0.count - 1] })
  }

  /// On all of ℝⁿ: t = max(t, 0) − max(−t, 0).
  private static func pairs(_ form: KinkForm) -> Parts {
    var (rows, columns, rest) = form.turned([])
    for (weights, column) in terms(rest) {
      rows += [weights + [.zero], weights.map { -$0 } + [.zero]]
      columns += [column, column.map { -$0 }]
    }
    return (rows, columns, rest.map { $0[$0.count - 1] })
  }

  /// The linear rest as a sum of few products of a column and a row: by outputs or by inputs, whichever are fewer.
  private static func terms(_ rest: [[Dyadic]]) -> [(weights: [Dyadic], column: [Dyadic])] {
    let linear = rest.map { Array($0.dropLast()) }
    let inputs = linear.first?.count ?? 0
    let byOutput = linear.indices.filter { !linear[$0].allSatisfy(\.isZero) }.map { k in
      (weights: linear[k], column: linear.indices.map { $0 == k ? Dyadic.one : .zero })
    }
    let byInput = (0..<inputs).filter { c in !linear.allSatisfy { $0[c].isZero } }.map { c in
      (weights: (0..<inputs).map { $0 == c ? Dyadic.one : .zero }, column: linear.map { $0[c] })
    }
    return byInput.count < byOutput.count ? byInput : byOutput
  }

  /// A second neuron on the hyperplane of neuron j: m max(t, 0) + κ t = (m + κ) max(t, 0) − κ max(−t, 0).
  private static func second(
    on j: Int, _ turned: (rows: [[Dyadic]], columns: [[Dyadic]], rest: [[Dyadic]])
  ) -> Parts? {
    var (rows, columns, rest) = turned
    guard let pivot = rows[j].dropLast().firstIndex(where: { !$0.isZero }),
      let factor = Rational(rest[0][pivot], over: rows[j][pivot]).dyadic
    else { return nil }
    columns[j] = [columns[j][0] + factor]
    rows.append(rows[j].map { -$0 })
    columns.append([-factor])
    rest[0] = zip(rest[0], rows[j]).map { $0 - factor * $1 }
    return (rows, columns, [rest[0][rest[0].count - 1]])
  }
}
