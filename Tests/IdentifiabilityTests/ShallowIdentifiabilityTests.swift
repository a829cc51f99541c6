import Crease
import ExactArithmetic
import Testing

@testable import Identifiability

@Suite("Identifiability of one hidden layer, and its least width")
struct ShallowIdentifiabilityTests {
  private func box(_ inputs: Int, _ side: Double = 4) -> InputDomain {
    .box(InputDomain.Box(Array(repeating: Interval(-side, side), count: inputs)))
  }

  /// Whether another network is what it says: the same function, and no permutation and rescaling.
  private func check(
    _ second: SecondParameter?, of network: Network, on domain: InputDomain?, _ note: Comment
  ) throws {
    let other = try #require(second, note).network
    #expect(other.hasArchitecture(of: network), note)
    let verdict = try network.compared(with: other, options: ComparisonOptions(domain: domain)).verdict
    guard case .equivalent(.identical) = verdict else {
      Issue.record("not the same function: \(note)")
      return
    }
    if case .related = network.standardRelation(to: other) { Issue.record("related: \(note)") }
  }

  @Test("A vanishing partial sum gives a second network that the rank test does not see")
  func partialSum() throws {
    let network = Network(
      weights: [[[1, 0], [0, 1], [-1, -1]], [[1, 1, 1]]], biases: [[1, 2, 3], [0]])
    for domain in [nil, box(2)] {
      let found = try ShallowIdentifiability(of: network, on: domain)
      #expect(found.report.verdict == .refuted && found.report.scope == .global)
      #expect(found.report["partialSums"]?.verdict == .refuted)
      #expect(["live", "distinct", "meets"].allSatisfy { found.report[$0]?.verdict == .proved })
      try check(found.report.second, of: network, on: domain, "the worked example")
      let turned = Network(
        weights: [[[-1, 0], [0, -1], [1, 1]], [[1, 1, 1]]], biases: [[-1, -2, -3], [6]])
      #expect(found.report.second?.network == turned)
      #expect(try FunctionalDimension(of: network, on: domain).functionalDimension == 10)
    }
  }

  /// A network in general position whose hyperplanes all meet the box.
  private func general(
    _ inputs: Int, _ width: Int, _ outputs: Int, using rng: inout SplitMix64
  ) -> (rows: [[Double]], biases: [Double], columns: [[Double]]) {
    func number() -> Double { Double(Int.random(in: -31...31, using: &rng)) / 16 + 1 / 64 }
    return (
      (0..<width).map { _ in (0..<inputs).map { _ in number() } },
      (0..<width).map { _ in number() / 4 }, (0..<width).map { _ in (0..<outputs).map { _ in number() } }
    )
  }

  private func network(_ parts: (rows: [[Double]], biases: [Double], columns: [[Double]])) -> Network {
    let outputs = parts.columns.first?.count ?? 0
    return Network(
      weights: [parts.rows, (0..<outputs).map { k in parts.columns.map { $0[k] } }],
      biases: [parts.biases, Array(repeating: 0.25, count: outputs)])
  }

  @Test("Networks in general position are identified; each planted failure is found with another network")
  func planted() throws {
    let plants = [
      "general", "unread", "no weights", "no weights, below", "twins", "opposite", "active", "inactive",
      "sum",
    ]
    for seed in UInt64(0)..<10 {
      var rng = SplitMix64(seed: seed)
      let (inputs, width, outputs) = (
        Int.random(in: 2...4, using: &rng), Int.random(in: 4...8, using: &rng),
        Int.random(in: 1...2, using: &rng)
      )
      for plant in plants {
        var parts = general(inputs, width, outputs, using: &rng)
        var failing = "live"
        switch plant {
        case "unread": parts.columns[1] = parts.columns[1].map { _ in 0 }
        case "no weights":
          parts.rows[2] = parts.rows[2].map { _ in 0 }
          parts.biases[2] = 0.5
        case "no weights, below":
          parts.rows[2] = parts.rows[2].map { _ in 0 }
          parts.biases[2] = -0.5
        case "twins", "opposite":
          failing = "distinct"
          let sign = plant == "twins" ? 1.0 : -1
          parts.rows[3] = parts.rows[0].map { 3 * sign * $0 }
          parts.biases[3] = 3 * sign * parts.biases[0]
          // A third: what one neuron is of the other has no finite binary expansion.
          parts.rows[0] = parts.rows[0].map { 7 * $0 }
          parts.biases[0] = 7 * parts.biases[0]
        case "active", "inactive":
          failing = "meets"
          parts.biases[1] = plant == "active" ? 1000 : -1000
        case "sum":
          failing = "partialSums"
          // u₀w₀ + u₁w₁ + u₂w₂ = 0.
          parts.columns[0] = parts.columns[2]
          parts.columns[1] = parts.columns[2]
          parts.rows[2] = zip(parts.rows[0], parts.rows[1]).map { -($0 + $1) }
        default: failing = ""
        }
        let f = network(parts)
        let note: Comment = "seed \(seed), \(plant)"
        let found = try ShallowIdentifiability(of: f, on: box(inputs))
        if failing.isEmpty {
          #expect(found.report.verdict == .proved && found.report.scope == .global, note)
          #expect(try ShallowIdentifiability(of: f).report.verdict == .proved, note)
          continue
        }
        #expect(found.report.verdict == .refuted, note)
        // A neuron that is not live is a vanishing sum by itself.
        let refuted = found.report.conditions.filter { $0.verdict == .refuted }.map(\.name).filter {
          failing != "live" || $0 != "partialSums"
        }
        #expect(refuted == [failing], note)
        try check(found.alternatives[failing], of: f, on: box(inputs), note)
        // On all of ℝⁿ a far hyperplane is one like any other, and opposite neurons are left open.
        let everywhere = try ShallowIdentifiability(of: f).report
        let expected: IdentifiabilityVerdict =
          plant == "opposite" ? .undecided : failing == "meets" ? .proved : .refuted
        #expect(everywhere.verdict == expected, note)
      }
    }
  }

  @Test("Sums over sets are found by halves as by enumeration")
  func sums() {
    var found = 0
    for seed in UInt64(0)..<60 {
      var rng = SplitMix64(seed: seed)
      let count = Int.random(in: 1...9, using: &rng)
      let vectors = (0..<count).map { _ in (0..<2).map { _ in Dyadic(Int64.random(in: -3...3, using: &rng)) }
      }
      let target = (0..<2).map { _ in Dyadic(Int64.random(in: -2...2, using: &rng)) }
      for allowsEmpty in [true, false] {
        var smallest: Int?
        for mask in (allowsEmpty ? 0 : 1)..<(1 << count) {
          let sum = (0..<count).reduce([Dyadic.zero, .zero]) { sum, j in
            mask >> j & 1 == 1 ? zip(sum, vectors[j]).map { $0 + $1 } : sum
          }
          if sum == target { smallest = min(smallest ?? .max, mask.nonzeroBitCount) }
        }
        switch VanishingSum.find(vectors, target: target, allowsEmpty: allowsEmpty) {
        case .set(let set):
          #expect(set.count == smallest, "seed \(seed)")
          found += 1
        case .none: #expect(smallest == nil, "seed \(seed)")
        case .tooMany: Issue.record("seed \(seed)")
        }
      }
    }
    #expect(found > 20)
  }

  /// A network on the sum of given neurons (row with bias, factor), of one output.
  private func sum(_ units: [([Double], Double)]) -> Network {
    Network(
      weights: [units.map { Array($0.0.dropLast()) }, [units.map(\.1)]],
      biases: [units.map { $0.0[$0.0.count - 1] }, [0]])
  }

  @Test("The least widths of |x|, max(x, 0), |x₁|, |x₁| + x₂ and three hyperplanes, with networks")
  func widths() throws {
    let abs = sum([([1, 0], 1), ([-1, 0], 1)])
    let twice = sum([([1, 0], 0.5), ([2, 0], 0.25)])
    let plane = sum([([1, 0, 0], 1), ([-1, 0, 0], 1)])
    let bent = sum([([1, 0, 0], 2), ([-1, 1, 0], 1), ([1, -1, 0], -1)])
    let linear = sum([([1, 2, 0], 1), ([-1, -2, 0], -1)])
    let three = sum([
      ([1, 0, 0.5], 1), ([0, 1, 0.25], 2), ([1, 1, 0], 1), ([1, 3, 0], 1), ([-1, -3, 0], -1),
    ])
    // |x₁| + x₂ is neurons on x₁ = 0 and two on another line.
    let cases: [(name: String, network: Network, hyperplanes: Int, everywhere: Int, box: Int)] = [
      ("|x|", abs, 1, 2, 2), ("max(x, 0)", twice, 1, 1, 1), ("|x1|", plane, 1, 2, 2),
      ("|x1| + x2", bent, 1, 3, 2),
      ("x1 + 2 x2", linear, 0, 2, 1), ("three hyperplanes", three, 3, 5, 4),
    ]
    for (name, network, hyperplanes, everywhere, onBox) in cases {
      for domain in [nil, box(network.inputCount)] {
        let found = try MinimalWidth(of: network, on: domain)
        let note: Comment = "\(name), \(domain == nil ? "everywhere" : "box")"
        #expect(found.width == (domain == nil ? everywhere : onBox), note)
        #expect(found.hyperplanes == hyperplanes, note)
        let minimal = try #require(found.network, note)
        #expect(minimal.hiddenNeuronCount == found.width, note)
        let verdict = try network.compared(with: minimal, options: ComparisonOptions(domain: domain)).verdict
        guard case .equivalent(.identical) = verdict else {
          Issue.record("another function: \(note)")
          continue
        }
      }
    }
    let zero = try MinimalWidth(of: sum([([1, 0], 1), ([1, 0], -1)]))
    #expect(zero.width == 0 && zero.network?.hiddenNeuronCount == 0)
    let two = Network(
      weights: [[[1, 0], [-1, 0], [0, 1]], [[1, 1, 0], [0, 0, 1]]], biases: [[0, 0, 0], [0, 0]])
    let vector = try MinimalWidth(of: two)
    #expect(vector.hyperplanes == 2 && vector.bounds.contains(3) && vector.bounds.lowerBound == 3)
  }

  @Test("Turned neurons and an affine rest that they make: the least width is the planted one")
  func plantedWidths() throws {
    for seed in UInt64(0)..<12 {
      var rng = SplitMix64(seed: seed)
      let width = Int.random(in: 2...10, using: &rng)
      var parts = general(2, width, 1, using: &rng)
      let f = network(parts)
      #expect(try MinimalWidth(of: f).width == width, "seed \(seed)")
      // A linear part, written as two neurons far from parallel to the others.
      parts.rows += [[17, 0.5], [-17, -0.5]]
      parts.biases += [0, 0]
      parts.columns += [[1], [-1]]
      let g = network(parts)
      #expect(try MinimalWidth(of: g).width == width + 2, "seed \(seed)")
      #expect(try MinimalWidth(of: g, on: box(2)).width == width + 1, "seed \(seed)")
      // The linear part of a neuron that could be turned.
      parts.rows[width] = parts.rows[0].map { parts.columns[0][0] * $0 }
      parts.rows[width + 1] = parts.rows[width].map { -$0 }
      let h = network(parts)
      for domain in [nil, box(2)] {
        let found = try MinimalWidth(of: h, on: domain)
        // m max(t, 0) + m t is no fewer than n + 1; turned from below, −m t cancels with n.
        #expect(found.width == width + 1, "seed \(seed)")
      }
      parts.columns[width] = [-1]
      parts.columns[width + 1] = [1]
      let turned = network(parts)
      #expect(try MinimalWidth(of: turned).width == width, "seed \(seed)")
    }
  }
}
