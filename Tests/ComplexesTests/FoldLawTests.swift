import Crease
import Testing
import _TestSupport

@testable import Complexes

@Suite struct FoldLawTests {
  @Test func `Around every ridge regions and walls form one cycle, or on the boundary one path`() throws {
    try LawNetworks.forEach(seeds: 0..<4) { name, network in
      let complex = try FoldExamples.complex(network, size: 2)
      let ridges = complex.ridges()
      #expect(ridges.irregular.isEmpty, "\(name)")
      for ridge in 0..<ridges.count {
        let walls = ridges.walls(around: ridge)
        let regions = ridges.regions(around: ridge)
        #expect(walls.count == regions.count + (ridges.isInterior(ridge) ? 0 : 1), "\(name)")
        #expect(Set(walls).count == walls.count && Set(regions).count == regions.count, "\(name)")
      }
    }
  }

  @Test func `There are as many ridges as faces of codimension two`() throws {
    try LawNetworks.forEach(seeds: 0..<4) { name, network in
      let side = Interval(-2, 2)
      let domain = SubdivisionDomain(box: Array(repeating: side, count: network.inputCount))
      let counted = try Subdivision(network, on: domain).count(allFaces: true, threads: 1)
      let ridges = try FoldExamples.complex(network, size: 2).ridges()
      let faces = try #require(counted.fVector)
      #expect(ridges.count == (network.inputCount > 1 ? faces[network.inputCount - 2] : 0), "\(name)")
    }
  }

  @Test func `Weights are balanced around every ridge`() throws {
    try LawNetworks.forEach(seeds: 0..<3) { name, network in
      let folds = try FoldExamples.folds(network, size: 2)
      #expect(folds.weights().balancingResidual < 1e-9, "\(name)")
      #expect(folds.firstBalanceViolation() == nil, "\(name)")
    }
  }

  @Test func `On all of space and within half-spaces the laws hold as well`() throws {
    forEachSeed(0..<6) { seed, rng in
      let network = Network.random(widths: [2, 4, 3, 1], denominator: 2, using: &rng)
      let half = HalfSpace(normal: [1, -1], offset: 0.5)
      for domain in [SubdivisionDomain(space: 2), SubdivisionDomain(space: 2, halfSpaces: [half])] {
        guard let complex = try? PolyhedralComplex(network, on: domain, threads: 1) else { continue }
        let folds = Folds(complex, threads: 1)
        #expect(folds.ridges.irregular.isEmpty, "seed \(seed)")
        #expect(folds.firstBalanceViolation() == nil, "seed \(seed)")
        #expect(folds.bentHyperplanes().filter { $0.neuron.layer == 1 }.allSatisfy { $0.componentCount <= 1 })
      }
    }
  }

  @Test func `The balancing law notices a wrong map`() throws {
    let folds = try FoldExamples.folds(FoldExamples.general, size: 6)
    let ridge = try #require((0..<folds.ridges.count).first { folds.ridges.isInterior($0) })
    let region = Int(folds.ridges.regions(around: ridge)[1])
    var check = ExactBalance(folds) { other in
      var maps = folds.complex.exactMaps(on: other)
      if other == region { maps[0][0] = maps[0][0] + Dyadic(0x1p-60) }
      return maps
    }
    guard case .discontinuity? = check.violation(around: ridge) else {
      Issue.record("a map that is wrong by 2⁻⁶⁰ went through")
      return
    }
  }

  @Test func `The zero set of a neuron of layer 1 is a whole hyperplane`() throws {
    try LawNetworks.forEach(seeds: 0..<3) { name, network in
      let folds = try FoldExamples.folds(network, size: 2)
      for bent in folds.bentHyperplanes() where bent.neuron.layer == 1 && !bent.isEmpty {
        guard bent.vanishingRegions.isEmpty else { continue }
        #expect(bent.bends.isEmpty, "\(name)")
        #expect(bent.componentCount == 1, "\(name)")
        #expect(Set(bent.walls.compactMap { folds.hyperplanes[$0] }).count == 1, "\(name)")
      }
    }
  }

  @Test func `The walls of a neuron of layer 1 add up to its chord in the square`() throws {
    try forEachSeed(0..<8) { seed, rng in
      let network = Network.random(widths: [2, 5, 4, 1], using: &rng)
      let folds = try FoldExamples.folds(network, size: 2)
      for row in folds.neuronTable() where row.neuron.layer == 1 && row.wallCount > 0 {
        let layer = network.layers[0]
        let weights = layer.blocks[0].weights
        let (a, b) = (weights.nearest[row.neuron.index, 0], weights.nearest[row.neuron.index, 1])
        let c = layer.bias.nearest[row.neuron.index, 0]
        // The line is p + s · u; each side of the square bounds s.
        let square = a * a + b * b
        let point = [-a * c / square, -b * c / square]
        let direction = [-b / square.squareRoot(), a / square.squareRoot()]
        var (low, high) = (-100.0, 100.0)
        for (p, u) in zip(point, direction) where u != 0 {
          low = max(low, min((-2 - p) / u, (2 - p) / u))
          high = min(high, max((-2 - p) / u, (2 - p) / u))
        }
        #expect((row.volume - (high - low)).magnitude < 1e-12, "seed \(seed), \(row.neuron)")
      }
    }
  }

  @Test func `Transparent networks in general position show all folds, in order`() throws {
    try forEachSeed(0..<10) { seed, rng in
      let widths = [2, 4, 3, 1]
      var weights: [[[Double]]] = []
      var biases: [[Double]] = []
      for l in 1..<widths.count {
        weights.append(
          (0..<widths[l]).map { _ in (0..<widths[l - 1]).map { _ in .random(in: -1...1, using: &rng) } })
        biases.append((0..<widths[l]).map { _ in .random(in: -1...1, using: &rng) })
        // The last neuron of each hidden layer is always on.
        biases[l - 1][widths[l] - 1] = 200
      }
      let network = Network(weights: weights, biases: biases)
      let folds = try FoldExamples.folds(network, size: 3)
      #expect(folds.complex.isTransparent, "seed \(seed)")
      let layering = folds.layering()
      let order = try #require(layering.order, "seed \(seed)")
      #expect(order <= 2, "seed \(seed)")
      for bent in folds.bentHyperplanes() {
        #expect(bent.visibility == .everything || bent.isEmpty, "seed \(seed)")
        for wall in bent.walls {
          let apparent = try #require(layering.pieceOfWall[wall].map { layering.pieces[$0].layer })
          #expect(apparent <= bent.neuron.layer, "seed \(seed)")
        }
        if !bent.bends.isEmpty { #expect(order == 2, "seed \(seed)") }
      }
      for edge in layering.edges {
        #expect(layering.pieces[edge.lower].layer < layering.pieces[edge.higher].layer)
      }
    }
  }
}
