import Crease
import Testing
import _TestSupport

@testable import Identifiability

@Suite("Batch functional dimension")
struct BatchTests {
  @Test("The rank is that of the Jacobian by its definition, eliminated exactly")
  func independent() throws {
    var proved = 0
    try forEachSeed(0..<200) { seed, rng in
      let widths = [
        Int.random(in: 1...2, using: &rng), Int.random(in: 1...3, using: &rng),
        Int.random(in: 1...2, using: &rng), Int.random(in: 1...2, using: &rng),
      ]
      let network =
        seed % 2 == 0
        ? Network.random(widths: widths, denominator: 3 + Int(seed % 5), using: &rng)
        : Network.randomWithSkips(widths, using: &rng)
      let inputs = network.randomInputs(Int.random(in: 1...9, using: &rng), using: &rng).map {
        $0.map { ($0 * 4).rounded() / 4 }
      }
      let (rank, used) = SlowJacobian.rank(of: network, at: inputs)
      let batch = try BatchFunctionalDimension(of: network, at: inputs)
      #expect(batch.lower == rank, "seed \(seed)")
      #expect(batch.inputCount == used && batch.kinks == inputs.count - used, "seed \(seed)")
      #expect(batch.upper >= rank, "seed \(seed)")
      if batch.functionalDimension == rank { proved += 1 }
    }
    // At these sizes nothing is left open.
    #expect(proved == 200)
  }

  @Test("Every known direction is in the kernel of the Jacobian by its definition")
  func knownDirections() throws {
    var met: Set<DimensionBound.Mechanism> = []
    let box = InputDomain.box(InputDomain.Box([Interval(-2, 2), Interval(0.5), Interval(-2, 2)]))
    try forEachSeed(0..<150) { seed, rng in
      // Few distinct weights: many dead, constant, parallel and opposite neurons, and always active ones on the box.
      let widths = [3] + (0..<3).map { _ in Int.random(in: 1...3, using: &rng) }
      let shape = Network.randomWithSkips(widths, using: &rng)
      var parameters = shape.parameters
      for index in parameters.values.indices {
        parameters.values[index] = Dyadic(Int64.random(in: -1...1, using: &rng))
        if case .bias = parameters.layout.name(at: index), Int.random(in: 0..<3, using: &rng) == 0 {
          parameters.values[index] = Dyadic(7)
        }
      }
      let network = shape.with(parameters: parameters)
      let domain = seed % 2 == 0 ? box : nil
      let roles = try NeuronRoles(network, on: domain, progress: Progress())
      guard let field = PrimeField(prime: 8_388_593) else { return }
      let known = KnownDirections(network, roles: roles, domain: domain, field: field).vectors
      met.formUnion(known.map(\.mechanism))
      for _ in 0..<6 {
        let x =
          domain?.enclosure.map { Double.random(in: $0.lower...$0.upper, using: &rng) }
          ?? (0..<3).map { _ in Double.random(in: -9...9, using: &rng) }
        for row in SlowJacobian.rows(of: network, at: x) ?? [] {
          for vector in known {
            let product = vector.entries.reduce(Dyadic.zero) { $0 + row[$1.index] * $1.value }
            #expect(product.isZero, "seed \(seed): \(vector)")
          }
        }
      }
    }
    #expect(met == Set(DimensionBound.Mechanism.allCases).subtracting([.regions]))
  }

  @Test("Inputs on a kink are left out and counted, decided exactly")
  func kinks() throws {
    // 0.1 + 0.2 − 0.3 is not zero in doubles, and the exact sum is not either; 0.5 + 0.25 − 0.75 is.
    let network = Network(weights: [[[1, 1]], [[1]]], biases: [[-0.75], [0]])
    let batch = try BatchFunctionalDimension(of: network, at: [[0.5, 0.25], [0.5, 0.25.nextUp], [-1, 0]])
    #expect(batch.kinks == 1 && batch.inputCount == 2 && batch.regions == 2)
    #expect(batch.functionalDimension == 2)
    let none = try BatchFunctionalDimension(of: network, at: [[0.5, 0.25]])
    #expect(none.functionalDimension == 0 && none.inputCount == 0)
    #expect(try BatchFunctionalDimension(of: network, at: []).functionalDimension == 0)
  }

  @Test("Doubles and residues write the same rows")
  func rowsAgree() {
    forEachSeed(0..<20) { seed, rng in
      let network = Network.randomWithSkips([3, 4, 3, 2, 2], using: &rng)
      let x = network.randomInputs(1, using: &rng)[0]
      guard let pattern = network.activationPattern(at: x), let slow = SlowJacobian.rows(of: network, at: x),
        let field = PrimeField(prime: 8_388_593)
      else { return }
      let exact = slow.flatMap(\.self)
      let residues = JacobianRows(network.parameters, inputCount: 3, field: field).rows(
        at: [field.residues(of: x) + [1]], on: pattern)
      #expect(zip(residues, exact).allSatisfy { field.residue(of: $1) == $0 }, "seed \(seed)")
      let doubles = JacobianRows(rounding: network.parameters, inputCount: 3).rows(at: [x + [1]], on: pattern)
      #expect(doubles == exact.map(\.nearestDouble), "seed \(seed)")
    }
  }

  @Test("Singular values suggest the proved rank, with a clear gap")
  func numerical() throws {
    try forEachSeed(0..<5) { seed, rng in
      let network = Network.he([3, 5, 4, 2], bias: 1, using: &rng)
      let inputs = (0..<120).map { _ in (0..<3).map { _ in Double.random(in: -3...3, using: &rng) } }
      let proved = try BatchFunctionalDimension(of: network, at: inputs)
      let numerical = network.numericalBatchDimension(at: inputs)
      #expect(numerical.value == proved.functionalDimension, "seed \(seed)")
      #expect(numerical.gapRatio ?? 0 > 1e6, "seed \(seed)")
    }
  }
}
