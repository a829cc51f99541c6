import Equivalence
import ExactArithmetic
import LinearAlgebra
import Networks
import Symmetry

/// Whether the function of a network with one hidden layer tells its parameters, decided in full on a box.
///
/// For f(x) = Σ_j u_j max(w_j·x + b_j, 0) + c on a box with an interior, every network of the same width with this function is a
/// permutation and positive rescaling of f's if and only if
///
/// 1. `live`: w_j ≠ 0 and u_j ≠ 0 for all j;
/// 2. `distinct`: the hyperplanes w_j·x + b_j = 0 are pairwise distinct;
/// 3. `meets`: every hyperplane meets the interior;
/// 4. `partialSums`: Σ_{j∈S} u_j w_jᵀ ≠ 0 for every nonempty set S.
///
/// Each condition that fails comes with another network of the same function. On all of ℝⁿ the conditions suffice too, and all
/// but the case of two opposite neurons on one hyperplane are necessary; there the question stays undecided.
///
///     try ShallowIdentifiability(of: network, on: .box([-1...1, -1...1])).report.verdict
///
/// - Exactness: exact; every other network is proved to have the same function by ``Network/compared(with:options:)``.
/// - Reference: [SG22] shallow networks; [PL20]; [GM26].
public struct ShallowIdentifiability: Sendable {
  /// The network.
  public let network: Network
  /// The domain; nil for all of ℝⁿ.
  public let domain: InputDomain?
  /// The report.
  public let report: IdentifiabilityReport
  /// For each condition that fails another network, by the name of the condition.
  public let alternatives: [String: SecondParameter]

  /// Whether the theorem is about a network: one hidden layer, which alone reads the input and is read.
  public static func applies(to network: Network) -> Bool { ShallowForm.applies(to: network) }

  /// Decides on a box, or on all of ℝⁿ for nil.
  ///
  /// - Requires: ``applies(to:)``.
  /// - Throws: `CancellationError`.
  public init(
    of network: Network, on domain: InputDomain? = nil, seed: UInt64 = 1, progress: Progress = Progress()
  ) throws {
    precondition(ShallowForm.applies(to: network), "one hidden layer, not \(network.layers.count - 1)")
    precondition(
      domain.map { $0.dimension == network.inputCount } ?? true,
      "\(network.inputCount) inputs on a domain of dimension \(domain?.dimension ?? 0)")
    self.network = network
    self.domain = domain
    var search = ShallowConditions(
      form: ShallowForm(network, on: domain), seed: seed, progress: progress)
    try search.run()
    alternatives = search.alternatives
    report = search.report
  }
}

/// The four conditions, one after the other.
private struct ShallowConditions {
  let form: ShallowForm
  let seed: UInt64
  let progress: Progress
  private(set) var conditions: [IdentifiabilityCondition] = []
  private(set) var alternatives: [String: SecondParameter] = [:]
  /// Whether the necessity of the conditions is proved where they fail.
  private var opposite: (Int, Int)?

  init(form: ShallowForm, seed: UInt64, progress: Progress) {
    self.form = form
    self.seed = seed
    self.progress = progress
  }

  private var network: Network { form.network }
  private var hasInterior: Bool {
    form.domain?.enclosure.allSatisfy { $0.lower < $0.upper } ?? true
  }
  private func name(_ j: Int) -> String { "\(Neuron(layer: 1, index: j))" }

  mutating func run() throws {
    try progress.step("looking at hyperplanes")
    try checkLive()
    try checkDistinct()
    try checkMeets()
    try progress.step("looking for partial sums")
    try checkPartialSums()
  }

  private mutating func add(
    _ name: String, _ verdict: IdentifiabilityVerdict, _ evidence: String, _ second: SecondParameter? = nil
  ) {
    conditions.append(
      IdentifiabilityCondition(name: name, verdict: verdict, evidence: evidence, reference: "[SG22] shallow"))
    if let second { alternatives[name] = second }
  }

  var report: IdentifiabilityReport {
    func report(
      _ verdict: IdentifiabilityVerdict, _ statement: String, _ second: SecondParameter? = nil
    ) -> IdentifiabilityReport {
      IdentifiabilityReport(
        verdict: verdict, scope: .global, statement: statement, conditions: conditions, second: second)
    }
    guard hasInterior else {
      return report(.undecided, "not decided: the box holds an input fixed, and has no interior")
    }
    if conditions.allSatisfy({ $0.verdict == .proved }) {
      return report(
        .proved,
        "every network with one hidden layer of \(form.units.count) neurons and this function is a permutation and positive rescaling of this one"
      )
    }
    let failing = conditions.filter { $0.verdict == .refuted }
    let firstAlternative = failing.lazy.compactMap { alternatives[$0.name] }.first
    if let firstAlternative {
      return report(
        .refuted,
        "another network of this architecture is the same function, and no permutation and rescaling of this one",
        firstAlternative)
    }
    if !failing.isEmpty, form.domain != nil || opposite == nil {
      return report(
        .refuted,
        "another network of this architecture is the same function: \(failing.map(\.name).joined(separator: ", ")) fails"
      )
    }
    if opposite != nil, form.domain == nil {
      return report(
        .undecided, "not decided: two opposite neurons share a hyperplane; on a box this would be refuted")
    }
    return report(
      .undecided, "not decided: too many neurons, whose products depend on one another, for all partial sums")
  }

  // MARK: The conditions

  private mutating func checkLive() throws {
    guard let j = form.units.firstIndex(where: { $0.position == .none || $0.column.allSatisfy(\.isZero) })
    else {
      add("live", .proved, "every neuron has weights and is read")
      return
    }
    let unit = form.units[j]
    var (rows, columns, constants) = parts
    let last = rows[j].count - 1
    if unit.position != .none {
      rows[j][last] = unit.row[last] + .one
    } else if unit.row[last].sign > 0 {
      // Without weights the neuron is a constant: the output takes it up, and the neuron is never active.
      constants = zip(constants, unit.column).map { $0 + $1 * unit.row[last] }
      rows[j][last] = -.one
    } else {
      (rows[j][last], columns[j]) = (.one, columns[j].map { _ in .zero })
    }
    let why = unit.position == .none ? "\(name(j)) has no weights" : "\(name(j)) is not read"
    add("live", .refuted, why, try proved(rows, columns, constants, "\(why), so that its bias is free"))
  }

  private mutating func checkDistinct() throws {
    var shared: (Int, Int, isOpposite: Bool)?
    var seen: [[Dyadic]: Int] = [:]
    for (j, unit) in form.units.enumerated() where unit.position != .none {
      let ray = direction(unit.row)
      if let i = seen[ray] {
        shared = (i, j, false)
        break
      }
      if let i = seen[ray.map { -$0 }], shared == nil { shared = (i, j, true) }
      seen[ray] = j
    }
    guard let (i, j, isOpposite) = shared else {
      add("distinct", .proved, "no two neurons have the same hyperplane")
      return
    }
    let why =
      "\(name(i)) and \(name(j)) have the same hyperplane, \(isOpposite ? "on opposite sides" : "on the same side")"
    if isOpposite, form.domain == nil {
      opposite = (i, j)
      add("distinct", .refuted, why)
      return
    }
    add("distinct", .refuted, why, try isOpposite ? opposite(i, j, why) : twins(i, j, why))
  }

  private mutating func checkMeets() throws {
    guard form.domain != nil else {
      add("meets", .proved, "every hyperplane meets all of R^\(network.inputCount)")
      return
    }
    guard let j = form.units.firstIndex(where: { $0.position == .active || $0.position == .inactive }) else {
      add("meets", .proved, "every hyperplane meets the interior of the box")
      return
    }
    var (rows, columns, constants) = parts
    let last = rows[j].count - 1
    if form.units[j].position == .active {
      rows[j][last] = rows[j][last] + .one
      constants = zip(constants, columns[j]).map { $0 - $1 }
      let why = "\(name(j)) is active on the whole box"
      add(
        "meets", .refuted, why,
        try proved(rows, columns, constants, "\(why): its bias raised, the output's bias lowered"))
    } else {
      rows[j][last] = rows[j][last] - .one
      let why = "\(name(j)) is active nowhere on the box"
      add("meets", .refuted, why, try proved(rows, columns, constants, "\(why): its bias lowered"))
    }
  }

  private mutating func checkPartialSums() throws {
    var rng = SplitMix64(seed: seed)
    switch OrientationFlip.find(in: network, layer: 1, field: .random(using: &rng)) {
    case .none: add("partialSums", .proved, "no products of weights out and in add up to zero")
    case .tooWide:
      add("partialSums", .undecided, "too many neurons whose products depend on one another")
    case .flip(let flip):
      let names = flip.neurons.map(name).joined(separator: ", ")
      let why = "the products of weights out and in of \(names) add up to zero"
      add(
        "partialSums", .refuted, why,
        try proved(flip.applied(to: network), "\(why): all of them turned around"))
    }
  }

  // MARK: Other networks

  private var parts: (rows: [[Dyadic]], columns: [[Dyadic]], constants: [Dyadic]) {
    (form.units.map(\.row), form.units.map(\.column), form.constants)
  }

  /// The row divided by its content and by the power of two of its first entry: equal for rows on one ray.
  private func direction(_ row: [Dyadic]) -> [Dyadic] {
    let primitive = ShallowForm.primitive(row).row
    guard let pivot = primitive.first(where: { !$0.isZero }) else { return primitive }
    return primitive.map { $0.scaled(byPowerOfTwo: -pivot.binaryExponent) }
  }

  /// Rows on one ray, each as a positive multiple of a common one.
  private func common(_ i: Int, _ j: Int) -> (row: [Dyadic], i: Dyadic, j: Dyadic) {
    func factor(_ row: [Dyadic]) -> Dyadic {
      let (primitive, factor) = ShallowForm.primitive(row)
      let exponent = primitive.first { !$0.isZero }?.binaryExponent ?? 0
      return factor.scaled(byPowerOfTwo: exponent)
    }
    return (direction(form.units[i].row), factor(form.units[i].row), factor(form.units[j].row))
  }

  /// One of two neurons on the same side takes over what the other gives, and the other is free.
  private func twins(_ i: Int, _ j: Int, _ why: String) throws -> SecondParameter? {
    var (rows, columns, constants) = parts
    let shared = common(i, j)
    rows[i] = shared.row
    columns[i] = zip(columns[i], columns[j]).map { shared.i * $0 + shared.j * $1 }
    columns[j] = columns[j].map { _ in .zero }
    return try proved(rows, columns, constants, "\(why): one of them does for both")
  }

  /// p max(t, 0) + q max(−t, 0) = (p + q) max(t, 0) − q t; the linear part is a neuron active on the whole box.
  private func opposite(_ i: Int, _ j: Int, _ why: String) throws -> SecondParameter? {
    guard let sides = form.domain?.enclosure else { return nil }
    var (rows, columns, constants) = parts
    let shared = common(i, j)
    let p = columns[i].map { shared.i * $0 }
    let q = columns[j].map { shared.j * $0 }
    // On the box |t| < lift.
    var lift = shared.row[shared.row.count - 1].magnitude + .one
    for (weight, side) in zip(shared.row, sides) { lift = lift + weight.magnitude * Dyadic(side.magnitude) }
    rows[i] = shared.row
    columns[i] = zip(p, q).map { $0 + $1 }
    rows[j] = shared.row
    rows[j][shared.row.count - 1] = shared.row[shared.row.count - 1] + lift
    columns[j] = q.map { -$0 }
    constants = zip(constants, q).map { $0 + $1 * lift }
    return try proved(rows, columns, constants, "\(why): one of them and a linear neuron do for both")
  }

  private func proved(
    _ rows: [[Dyadic]], _ columns: [[Dyadic]], _ constants: [Dyadic], _ evidence: String
  ) throws -> SecondParameter? {
    try proved(form.network(rows: rows, columns: columns, constants: constants), evidence)
  }

  /// The other network, once it is proved to be the same function and no permutation and rescaling.
  private func proved(_ other: Network, _ evidence: String) throws -> SecondParameter? {
    let comparison = try network.compared(
      with: other, options: ComparisonOptions(domain: form.domain, witnessSamples: 16, progress: progress))
    guard case .equivalent(.identical) = comparison.verdict, network.isProvedOther(than: other) else {
      return nil
    }
    return SecondParameter(network: other, evidence: evidence)
  }
}
