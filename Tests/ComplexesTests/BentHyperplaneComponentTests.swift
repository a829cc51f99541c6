import Crease
import Testing
import _TestSupport

@testable import Complexes

@Suite struct BentHyperplaneComponentTests {
  /// The preactivations of all hidden neurons at a point, by the definition.
  private func preactivations(_ network: Network, at point: [Rational]) -> [Rational] {
    var layers = [point]
    var all: [Rational] = []
    for layer in network.hiddenLayers {
      var values = (0..<layer.width).map { Rational(layer.bias[$0, 0]) }
      for block in layer.blocks {
        for j in values.indices {
          for (i, x) in layers[block.source].enumerated() {
            values[j] = values[j] + Rational(block.weights[j, i]) * x
          }
        }
      }
      all += values
      layers.append(values.map { $0.sign > 0 ? $0 : .zero })
    }
    return all
  }

  @Test func `Components in the plane are those of the graph of segments on which a neuron is zero`() throws {
    try LawNetworks.forEach(seeds: 0..<8, shapes: [[2, 4, 3, 1], [2, 3, 3, 3, 1]]) { name, network in
      let folds = try FoldExamples.folds(network, size: 2)
      let complex = folds.complex
      let half = Rational(Dyadic(0.5))
      // Segments by their exact ends, with the values of all neurons in the middle.
      var segments: [(ends: [[Rational]], values: [Rational])] = []
      for wall in 0..<complex.wallCount where !complex.isBoundary(wall) {
        let ends = complex.vertices(ofWall: wall).map { complex.exactVertex(Int($0)) }
        #expect(ends.count == 2, "\(name)")
        let middle = zip(ends[0], ends[1]).map { ($0 + $1) * half }
        segments.append((ends, preactivations(network, at: middle)))
      }
      for (number, bent) in folds.bentHyperplanes().enumerated() where bent.vanishingRegions.isEmpty {
        let own = segments.filter { $0.values[number].isZero }.map(\.ends)
        #expect(own.count == bent.walls.count, "\(name), \(bent.neuron)")
        var groups: [Set<[Rational]>] = []
        for ends in own {
          let touched = groups.indices.filter { !groups[$0].isDisjoint(with: ends) }
          let merged = touched.reduce(into: Set(ends)) { $0.formUnion(groups[$1]) }
          groups = groups.indices.filter { !touched.contains($0) }.map { groups[$0] } + [merged]
        }
        #expect(groups.count == bent.componentCount, "\(name), \(bent.neuron)")
        let two = Rational(Dyadic(2))
        let isInside = own.allSatisfy { $0.allSatisfy { $0.allSatisfy { -two < $0 && $0 < two } } }
        #expect(bent.isBounded == isInside, "\(name), \(bent.neuron)")
      }
    }
  }

  @Test func `A closed curve is bounded, and two are two components`() throws {
    // 1 − |x| − |y| has a diamond as zero set; | |x| − 2 | − 1 + |y| two of them.
    let plane: [[Double]] = [[1, 0], [-1, 0], [0, 1], [0, -1]]
    let diamond = Network(
      weights: [plane, [[-1, -1, -1, -1]], [[1]]], biases: [[0, 0, 0, 0], [1], [0]])
    let bent = try FoldExamples.folds(diamond, size: 4).bentHyperplanes()[4]
    #expect(bent.isBounded && bent.componentCount == 1 && bent.walls.count == 4)
    #expect(bent.bends.count == 4)
    #expect(bent.bends.allSatisfy { $0.earlier.count == 2 })
    let pair = Network(
      weights: [
        plane, [[1, 1, 0, 0], [-1, -1, 0, 0], [0, 0, 1, 1]], [[-1, -1, -1]], [[1]],
      ], biases: [[0, 0, 0, 0], [-2, 2, 0], [1], [0]])
    let folds = try FoldExamples.folds(pair, size: 4)
    let both = try #require(folds.bentHyperplanes().last)
    #expect(both.isBounded && both.componentCount == 2 && both.bends.count == 8)
    let small = try #require(FoldExamples.folds(pair, size: 2).bentHyperplanes().last)
    #expect(!small.isBounded && small.componentCount == 2)
  }

  @Test func `A neuron that vanishes on a region has it as a cell`() throws {
    // ReLU(x) read without a bias vanishes where x ≤ 0.
    let network = Network(weights: [[[1, 0], [0, 1]], [[1, 0]], [[1]]], biases: [[0, 0], [0], [0]])
    let folds = try FoldExamples.folds(network, size: 1)
    let bent = folds.bentHyperplanes()[2]
    #expect(bent.vanishingRegions.count == 2)
    #expect(bent.walls.count == 2)
    #expect(bent.cellCount == 4 && bent.componentCount == 1 && bent.bends.isEmpty)
    #expect(bent.visibility == .everything)
  }
}
