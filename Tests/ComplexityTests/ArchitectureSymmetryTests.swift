import Complexity
import ExactArithmetic
import Foundation
import Networks
import Testing

@Suite("Symmetries of architectures")
struct ArchitectureSymmetryTests {
  private typealias Part = ArchitectureSymmetry.Part

  /// The decimal logarithm of a number of permutations.
  private func log10(_ parts: [Part]) -> Double { ArchitectureSymmetry(parts).permutations.log10.upper }

  @Test("The orders of the neurons of published architectures")
  func published() {
    #expect(abs(log10([.neurons(512), .neurons(512), .neurons(512)]) - 3499.6) < 0.05)
    let vgg16 = [64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512, 4096, 4096]
    #expect(abs(log10(vgg16.map(Part.neurons)) - 35168.5) < 0.06)
    // Bottleneck blocks: two inner convolutions, one onto the stream; shortcuts have no order of their own.
    let stages = [(64, 3), (128, 4), (256, 6), (512, 3)]
    let inner = stages.flatMap { width, blocks in Array(repeating: width, count: 2 * blocks) }
    let outer = stages.flatMap { width, blocks in Array(repeating: 4 * width, count: blocks) }
    #expect(abs(log10(([64] + inner + outer).map(Part.neurons)) - 55138.9) < 0.06)
    let streams = stages.map { Part.stream(4 * $0.0) }
    #expect(abs(log10((inner + [64]).map(Part.neurons) + streams) - 25638.3) < 0.06)
  }

  @Test(
    "Grouped channels have as many orders as an enumeration finds",
    arguments: [(4, 2), (6, 2), (6, 3), (4, 1), (4, 4)])
  func groups(_ channels: Int, _ groups: Int) {
    let size = channels / groups
    func permutations(_ rest: [Int]) -> [[Int]] {
      rest.isEmpty
        ? [[]] : rest.flatMap { first in permutations(rest.filter { $0 != first }).map { [first] + $0 } }
    }
    // Two channels are in one group before if and only if they are after.
    let count = permutations(Array(0..<channels)).count { order in
      (0..<channels).allSatisfy { i in
        (0..<channels).allSatisfy { j in (i / size == j / size) == (order[i] / size == order[j] / size) }
      }
    }
    #expect(
      Part.groupedChannels(channels, groups: groups).permutations.exact == BigInteger(Int64(count)))
  }

  @Test("Heads are exchanged as a whole, and change bases each for itself")
  func heads() {
    let part = Part.heads(12, keyDimension: 64, valueDimension: 64)
    #expect(part.permutations.exact == BigInteger(479_001_600))
    #expect(part.dimension == 12 * 2 * 4096)
    let networks = NetworkClass(widths: [3, 4, 5, 2], radius: .one, inputRadius: .one)
    #expect(networks.symmetry.permutations.exact == BigInteger(2880) && networks.symmetry.dimension == 9)
  }

  // MARK: Of a network

  private func stabiliser(_ weights: [[[Double]]], _ biases: [[Double]]) throws -> ParameterStabiliser {
    try ParameterStabiliser(of: Network(weights: weights, biases: biases))
  }

  @Test("Twins read in inverse proportion, and neurons that are all 0, can be exchanged")
  func twins() throws {
    let twins = try stabiliser(
      [[[1, 2], [3, 6], [2, 4], [1, 0]], [[6, 2, 3, 1]]], [[1, 3, 2, 0], [0]])
    #expect(twins.isExact && twins.lower.exact == BigInteger(6))
    #expect(twins.exchangeable == [[0, 1, 2].map { Neuron(layer: 1, index: $0) }])
    // Equal rows, but read out of proportion.
    #expect(
      try stabiliser([[[1], [2], [-1]], [[1, 1, 1]]], [[1, 2, 0], [0]]).upper.exact == BigInteger(1))
    // A row of zeros is told by its column: two are in proportion, one is read with the other sign.
    let zeros = try stabiliser(
      [[[0], [0], [0], [1]], [[1, 2, -1, 5], [2, 4, -2, 1]]], [[0, 0, 0, 1], [0, 0]])
    #expect(zeros.lower.exact == BigInteger(2) && zeros.upper.exact == BigInteger(6) && !zeros.isExact)
    let dead = try stabiliser([[[0], [0], [1]], [[0, 0, 1]]], [[0, 0, 1], [0]])
    #expect(dead.isExact && dead.lower.exact == BigInteger(2))
  }

  @Test("Orders of two layers that change nothing only together are within the bounds")
  func together() throws {
    // Exchanging both neurons of layer 1 and both of layer 2 is a symmetry, neither exchange alone is.
    let both = try stabiliser(
      [[[1], [1]], [[1, 2], [2, 1]], [[1, 1]]], [[1, 1], [0, 0], [0]])
    #expect(both.lower.exact == BigInteger(1) && both.upper.exact == BigInteger(4))
  }

  @Test("The bounds hold what trying all orders finds, also after a disguise", arguments: UInt64(0)..<20)
  func enumeration(seed: UInt64) throws {
    var rng = SplitMix64(seed: seed)
    func rows(_ count: Int, _ columns: Int) -> [[Double]] {
      (0..<count).map { _ in (0..<columns).map { _ in Double(Int.random(in: -1...1, using: &rng)) } }
    }
    var weights = [rows(3, 1), rows(3, 3), rows(1, 3)]
    var biases = [3, 3, 1].map { count in
      (0..<count).map { _ in Double(Int.random(in: 0...1, using: &rng)) }
    }
    // Copies of a neuron, read as it is, in one layer or in both.
    for layer in 0..<2 where seed & (1 << UInt64(layer)) != 0 {
      weights[layer][2] = weights[layer][0]
      biases[layer][2] = biases[layer][0]
      for i in weights[layer + 1].indices { weights[layer + 1][i][2] = weights[layer + 1][i][0] }
    }
    let network = Network(weights: weights, biases: biases)
    let plain = try stabiliser(weights, biases)
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    /// The network with its neurons in another order, and positive factors.
    func changed(_ first: [Int], _ second: [Int], _ s: [Double], _ t: [Double]) -> ([[[Double]]], [[Double]])
    {
      let one = first.map { i in weights[0][i].map { $0 * s[i] } }
      let two = second.map { i in first.map { weights[1][i][$0] * t[i] / s[$0] } }
      let three = weights[2].map { row in second.map { row[$0] / t[$0] } }
      return (
        [one, two, three],
        [first.map { biases[0][$0] * s[$0] }, second.map { biases[1][$0] * t[$0] }, biases[2]]
      )
    }
    let ones = [1.0, 1, 1]
    var count: Int64 = 0
    for first in orders {
      for second in orders {
        let (w, b) = changed(first, second, ones, ones)
        if case .rescaling = network.rescaling(to: Network(weights: w, biases: b)) { count += 1 }
      }
    }
    let (lower, upper) = (try #require(plain.lower.exact), try #require(plain.upper.exact))
    #expect(lower <= BigInteger(count) && BigInteger(count) <= upper, "seed \(seed)")
    #expect(seed & 3 == 0 || count > 1, "seed \(seed)")
    let (w, b) = changed([2, 0, 1], [1, 2, 0], [2, 0.5, 4], [1, 8, 0.25])
    let disguised = try stabiliser(w, b)
    #expect(disguised.lower == plain.lower && disguised.upper == plain.upper, "seed \(seed)")
  }
}
