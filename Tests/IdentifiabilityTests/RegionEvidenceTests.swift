import Crease
import Testing
import _TestSupport

@testable import Identifiability

@Suite("Regions as evidence")
struct RegionEvidenceTests {
  @Test("Functional dimension and hidden symmetries rest on the same regions and the same rank")
  func oneMechanism() throws {
    var options = DimensionOptions()
    options.patience = 4
    try forEachSeed(0..<6) { seed, rng in
      let network = Network.he([[2, 4, 3, 1], [4, 4, 3, 2], [6, 4, 4, 1]][Int(seed) % 3], using: &rng)
      let dimension = try FunctionalDimension(of: network, options: options)
      let hidden = try HiddenSymmetries(of: network, options: options)
      #expect(hidden.rank == dimension.lower, "seed \(seed)")
      #expect(hidden.coverage == dimension.coverage, "seed \(seed)")
    }
  }

  @Test("The rank at inputs is that of exact elimination, and no larger than that of all regions")
  func exactRows() throws {
    try forEachSeed(0..<6) { seed, rng in
      let network = Network.he([3, 3, 3, 2], using: &rng)
      let dimension = try FunctionalDimension(of: network)
      let inputs = network.randomInputs(60, using: &rng)
      let batch = try BatchFunctionalDimension(of: network, at: inputs)
      let slow = SlowJacobian.rank(of: network, at: inputs).rank
      #expect(batch.lower == slow && slow <= dimension.lower, "seed \(seed)")
    }
  }

  @Test("Derivatives along a direction are products with the rows of the Jacobian")
  func probe() {
    forEachSeed(0..<20) { seed, rng in
      let network = Network.randomWithSkips([3, 4, 3, 2], using: &rng)
      let field = PrimeField.random(using: &rng)
      let parameters = network.parameters
      func residue() -> Double { field.residue(of: Int.random(in: 0..<field.prime, using: &rng)) }
      let direction = (0..<parameters.count).map { _ in residue() }
      let requests = network.randomInputs(150, using: &rng).compactMap { x in
        network.activationPattern(at: x).map {
          RowRequest(pattern: $0, input: (0..<4).map { _ in residue() }, outputs: [residue(), residue()])
        }
      }
      let rows = JacobianRows(parameters, inputCount: 3, field: field)
      let derivatives = JacobianProbe(parameters, inputCount: 3, field: field)
        .derivatives(along: direction, at: requests, threads: 2)
      for (k, request) in requests.enumerated() {
        let both = rows.rows(at: [request.input], on: request.pattern)
        for output in 0..<2 {
          let row = both[output * parameters.count..<(output + 1) * parameters.count]
          let product = zip(row, direction).reduce(0) { field.sum($0, field.product($1.0, $1.1)) }
          #expect(field.difference(product, derivatives[2 * k + output]) == 0, "seed \(seed)")
        }
      }
    }
  }

  @Test("The trace of a point has its pattern, also on a kink and where weights are no doubles")
  func trace() {
    forEachSeed(0..<20) { seed, rng in
      let network = Network.randomWithSkips([3, 5, 4, 1], using: &rng)
      let trace = SignTrace(network)
      var workspace = trace.workspace
      for x in network.randomInputs(50, using: &rng) + [[0, 0, 0]] {
        let direction = (0..<3).map { _ in Double.random(in: -1...1, using: &rng) }
        let pattern = trace.pattern(at: x, along: direction, &workspace)
        #expect(pattern == network.activationPattern(at: x), "seed \(seed)")
        // The pattern lasts as far as the trace says, and no further.
        let ends = [0.999, 1.001].map { t in zip(x, direction).map { $0 + t * workspace.distance * $1 } }
        if pattern == nil || workspace.distance > 1e6 { continue }
        #expect(network.activationPattern(at: ends[0]) == pattern, "seed \(seed)")
        #expect(network.activationPattern(at: ends[1]) != pattern, "seed \(seed)")
      }
    }
    let abs = Network(weights: [[[1], [-1]], [[1, 1]]], biases: [[0, 0], [0]])
    var workspace = SignTrace(abs).workspace
    #expect(SignTrace(abs).pattern(at: [0], along: [1], &workspace) == nil)
  }
}
