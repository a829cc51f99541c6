import Crease
import Foundation
import Testing
import _TestSupport

@testable import Identifiability

@Suite("Moves along hidden symmetries")
struct SymmetryMoveTests {
  /// Two neurons of layer 2 that are always active on the square, which intervals do not show: each is a step of width 1
  /// between two neurons of layer 1, plus a quarter.
  private static let confined = Network(
    weights: [
      [[1, 0], [1, 0], [0, 1], [0, 1]], [[1, -1, 0.5, -0.5], [0.25, -0.25, 1, -1]], [[1, -0.75]],
    ], biases: [[0.5, -0.5, 0.5, -0.5], [0.25, 0.25], [0.125]])
  private static let square = InputDomain.box(InputDomain.Box([Interval(-2, 2), Interval(-2, 2)]))

  /// Entries of a direction, not scaled.
  private func entries(_ vector: [Int: Double], _ network: Network) -> [HiddenSymmetry.Entry] {
    HiddenSymmetry(
      vector.sorted { $0.key < $1.key }.map { ($0.key, Dyadic($0.value)) },
      layout: ParameterLayout(of: network),
      mechanism: .unexplained, evidence: "", scope: .sample
    ).entries
  }

  /// The derivative of (G W, G b, U G⁻¹) at G = I in the direction of `generator`, in layer 2 of ``confined``.
  private func mixing(_ generator: [[Double]]) -> [HiddenSymmetry.Entry] {
    let network = Self.confined
    let (values, layout) = (network.parameters.values.map(\.nearestDouble), ParameterLayout(of: network))
    var vector: [Int: Double] = [:]
    for i in 0..<2 {
      for j in 0..<2 {
        let (row, other) = (layout.range(ofRow: i, layer: 2), layout.range(ofRow: j, layer: 2))
        for (a, b) in zip(row, other) { vector[a, default: 0] += generator[i][j] * values[b] }
        let start = layout.range(ofRow: 0, layer: 3).lowerBound
        vector[start + j, default: 0] -= generator[i][j] * values[start + i]
      }
    }
    return entries(vector, network)
  }

  @Test("A mixing is recognised up to rescalings, and its closed form is the same function")
  func closedForm() throws {
    let network = Self.confined
    for generator in [[[0.0, 1], [-0.5, 0]], [[0.25, 1], [1, -0.75]], [[0, 0.375], [0, 0]]] {
      let direction = mixing(generator)
      let mixing = try #require(LayerMixing(along: direction, of: network))
      #expect(mixing.layer == 2)
      let other = network.with(parameters: mixing.applied(to: network, by: Dyadic(0.125)))
      let exact = try #require(try RegionwiseDifference(network, other, on: Self.square))
      #expect(exact.zeros.areZero, "\(generator)")
      #expect(network.standardRelation(to: other) == .unrelated, "\(generator)")
    }
    // A weight of layer 1 is no mixing of layer 2.
    #expect(LayerMixing(along: entries([0: 1], network), of: network) == nil)
    #expect(LayerMixing(along: entries([12: 1, 14: -0.5], network), of: network) == nil)
  }

  @Test("Where only a sample was seen, moves still keep the function: proved on all regions, or numerically")
  func confined() throws {
    var options = DimensionOptions()
    options.enumerationLimit = 8
    let found = try HiddenSymmetries(of: Self.confined, on: Self.square, options: options)
    // k (n + 1 + m) − r (n + m − r) − k for k = 2 neurons of n = 4 weights in and m = 1 out.
    #expect(found.symmetries.count >= 2 * 6 - 1 * 4 - 2)
    for index in found.symmetries.indices {
      let move = try found.moved(along: index, by: 0x1p-6)
      switch move.outcome {
      case .identical: break
      case .numerical(let largest, _): #expect(largest < 1e-12, "\(index)")
      default: Issue.record("\(index): \(move.outcome), \(String(describing: move.curveShare))")
      }
      #expect(move.relation == .unrelated, "\(index)")
    }
    // Both ways at once bend the line.
    let bent = try found.moved(
      along: mixing([[0.25, 1], [1, -0.75]]), number: 0, by: 0.125, rounded: false, progress: Progress())
    #expect(bent.way == .mixing(layer: 2) && bent.outcome.isIdentical && bent.relation == .unrelated)
  }

  @Test("What is neither a line nor a mixing is a curve, told as numerical")
  func bentTwice() throws {
    // A mixing of two neurons of layer 1, always active on the square, and one of layer 2 at once.
    let network = Network(
      weights: [[[1, 0.5], [-0.5, 1]], [[1, 0.25], [0.5, 1], [1, -1]], [[1, -0.75, 0.5]]],
      biases: [[4, 4], [1, 0.5, 0.125], [0.25]])
    let found = try HiddenSymmetries(of: network, on: Self.square)
    var sum: [Int: Double] = [:]
    for symmetry in found.symmetries {
      for entry in symmetry.entries { sum[entry.index, default: 0] += entry.value.nearestDouble / 8 }
    }
    let move = try found.moved(
      along: entries(sum, network), number: 0, by: 0.125, rounded: false, progress: Progress())
    #expect(move.way == .curve && move.curveShare == nil && move.relation == .unrelated)
    guard case .numerical(let largest, let inputs) = move.outcome else {
      Issue.record("\(move.outcome)")
      return
    }
    #expect(largest < 1e-12 && inputs > 100)
  }

  @Test("A curve keeps the outputs, leaves in the direction, and stays across the rescalings")
  func curve() throws {
    let network = Self.confined
    let direction = mixing([[0.25, 1], [1, -0.75]])
    let curve = try #require(FiberCurve(network, on: Self.square, options: DimensionOptions()))
    let result = try curve.followed(direction, by: 0.25, progress: Progress())
    #expect(result.share == 1)
    let other = network.with(parameters: result.parameters)
    forEachSeed(0..<20) { seed, rng in
      let x = (0..<2).map { _ in Double.random(in: -2...2, using: &rng) }
      #expect(abs(network.outputs(at: x)[0] - other.outputs(at: x)[0]) < 1e-13, "seed \(seed)")
    }
    let moved = zip(network.parameters.values, result.parameters.values).map { ($1 - $0).nearestDouble }
    let along = direction.reduce(0) { $0 + $1.value.nearestDouble * moved[$1.index] }
    #expect(along > 0.05)
    #expect(network.standardRelation(to: other) == .unrelated)
  }

  @Test("Half-spaces of twins part in second order only: no curve")
  func noCurve() throws {
    let network = Network(
      weights: [[[1, 0.25], [2, 0.5], [0.75, -1]], [[1, -0.75, 0.5]]], biases: [[0.125, 0.25, -0.5], [0]])
    let found = try HiddenSymmetries(of: network)
    let shares = try found.symmetries.indices.map { try found.moved(along: $0, by: 0.5) }
    #expect(shares.contains { $0.curveShare == 0 && !$0.outcome.keepsFunction && $0.way == .straight })
    #expect(shares.contains { $0.curveShare == nil && $0.outcome.isIdentical })
  }

  @Test("The neuron laws: their values, and complete where the rank is full")
  func laws() throws {
    let generic = try HiddenSymmetries(of: Fixtures.generic).fiber.laws
    #expect(
      generic.independent == 5 && generic.upper == 5 && generic.isComplete && generic.neurons.count == 5)
    let unread = try HiddenSymmetries(of: Fixtures.unread).fiber.laws
    #expect(!unread.isComplete && unread.upper == 4 && unread.independent == 2)
    // 1² + (−2)² + 1² − 2², 3² + 1² + (−1)² − (−1)².
    let small = try HiddenSymmetries(of: Fixtures.small).fiber.laws
    #expect(small.neurons.map(\.value.nearestDouble) == [2, 10])
    #expect(small.neurons.map(\.neuron) == [Neuron(layer: 1, index: 0), Neuron(layer: 1, index: 1)])
  }

  @Test("One step of gradient descent changes a law by τ² (‖g_in‖² − ‖g_out‖²), exactly")
  func oneStep() throws {
    let network = Fixtures.small
    let layout = ParameterLayout(of: network)
    // The gradient of f²/2 at an input is f ∂f/∂θ; any multiple of a row will do.
    let rows = try #require(SlowJacobian.rows(of: network, at: [0.5, 0.5]))
    let step = Dyadic(1, exponent: -4)
    var parameters = network.parameters
    for index in 0..<layout.count {
      parameters.values[index] = parameters.values[index] - step * rows[0][index]
    }
    let before = ConservationLaws(NeuronShapes(network), independent: 2, upper: 2)
    let after = ConservationLaws(
      NeuronShapes(network.with(parameters: parameters)), independent: 2, upper: 2)
    let gradient = network.with(parameters: Parameters(layout: layout, values: rows[0]))
    let squares = NeuronShapes(gradient)
    for (a, b) in zip(before.neurons, after.neurons) {
      func sum(_ entries: [Dyadic]) -> Dyadic { entries.reduce(.zero) { $0 + $1 * $1 } }
      let change = sum(squares.incoming(a.neuron)) - sum(squares.outgoing(a.neuron))
      #expect(b.value - a.value == step * step * change, "\(a.neuron)")
    }
  }
}
