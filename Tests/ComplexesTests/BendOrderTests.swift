import Crease
import Testing
import _TestSupport

@testable import Complexes

@Suite("Bend order")
struct BendOrderTests {
  static let shapes: [[Int]] = [[2, 3, 1], [2, 3, 2, 1], [2, 3, 3, 1], [2, 2, 2, 2, 1], [3, 3, 2, 1]]

  /// A network and its folds on a box; weights on a fine grid are in general position.
  static func folds(_ seed: UInt64) throws -> (Network, Folds) {
    var rng = SplitMix64(seed: seed)
    let widths = shapes[Int(seed) % shapes.count]
    let network = Network.random(widths: widths, denominator: 1 << 20, using: &rng)
    let side = Interval(-4, 4)
    let domain = SubdivisionDomain(box: Array(repeating: side, count: widths[0]))
    return (network, Folds(try PolyhedralComplex(network, on: domain, threads: 1), threads: 1))
  }

  @Test("Every class is one neuron's, and bends go from earlier to later layers", arguments: 0..<40)
  func planted(_ seed: UInt64) throws {
    let (network, folds) = try Self.folds(seed)
    let order = folds.bendOrder()
    var neurons: [Set<Neuron>] = Array(repeating: [], count: order.classCount)
    for wall in folds.foldSet {
      let number = try #require(order.classOf(wall: wall, in: folds))
      neurons[number].formUnion(folds.complex.switchingNeurons(of: wall))
    }
    #expect(neurons.allSatisfy { $0.count == 1 }, "seed \(seed)")
    let layers = neurons.map { $0.first?.layer ?? 0 }
    for edge in order.edges { #expect(layers[edge.lower] < layers[edge.higher], "seed \(seed)") }
    let depth = network.hiddenLayers.count
    for number in 0..<order.classCount {
      let range = try #require(order.layers(ofClass: number, depth: depth))
      #expect(range.contains(layers[number]), "seed \(seed): \(range) and \(layers[number])")
    }
    #expect(try #require(order.depthBound) <= depth, "seed \(seed)")
  }

  @Test("A fold that bends on the axes is above them; a hidden half leaves no order")
  func examples() throws {
    let chained = Network(
      weights: [[[1, 0], [0, 1]], [[1, 1], [-1, -0.5]], [[1, 0.5]]], biases: [[0, 0], [-1, 2], [0.25]])
    let folds = try FoldExamples.folds(chained, size: 6)
    let order = folds.bendOrder()
    #expect(order.classCount == 4 && order.edges.count == 4 && order.depthBound == 2)
    // Without the second neuron of layer 2 the axes are seen on one side only.
    let one = Network(
      weights: [[[1, 0], [0, 1]], [[1, 1]], [[1]]], biases: [[0, 0], [-1], [0.25]])
    let open = try FoldExamples.folds(one, size: 3).bendOrder()
    #expect(open.edges.isEmpty && open.depthBound == 1)
    // No folds, no layers.
    let dead = Network(weights: [[[1, 0]], [[0]]], biases: [[0], [1]])
    #expect(try FoldExamples.folds(dead, size: 1).bendOrder().depthBound == 0)
  }

  @Test("Crossing pairs are those with all four signs around a vertex of the plane", arguments: 0..<20)
  func crossings(_ seed: UInt64) throws {
    var rng = SplitMix64(seed: seed)
    let network = Network.random(widths: [2, 3, 3, 1], denominator: 1 << 20, using: &rng)
    let folds = try FoldExamples.folds(network, size: 3)
    let complex = folds.complex
    var expected: Set<NeuronPair> = []
    for vertex in 0..<complex.vertexCount where complex.sides(ofVertex: vertex).isEmpty {
      let zero = complex.neurons(ofVertex: vertex)
      for a in zero {
        for b in zero where b.layer == a.layer + 1 {
          let signs = (0..<complex.regionCount).filter { complex.vertices(of: $0).contains(Int32(vertex)) }
            .map { [complex.isActive(a, on: $0), complex.isActive(b, on: $0)] }
          if Set(signs).count == 4 { expected.insert(NeuronPair(earlier: a, later: b)) }
        }
      }
    }
    #expect(folds.crossings() == expected, "seed \(seed)")
  }
}

@Suite("Faces where signs fail")
struct FacePositionTests {
  @Test("Opaque faces are true, and samples find no others", arguments: 0..<12)
  func opaque(_ seed: UInt64) throws {
    var rng = SplitMix64(seed: seed)
    let network = Network.random(widths: [2, 3, 3, 1], denominator: 4, using: &rng)
    let complex = try FoldExamples.complex(network, size: 2)
    for layer in 1...2 {
      let face = complex.opaqueFace(ofLayer: layer)
      if let face {
        let points = face.map { complex.exactVertex($0) }
        let share = Rational(Dyadic(1), over: Dyadic(Double(points.count)))
        let mean = (0..<2).map { c in points.reduce(Rational.zero) { $0 + $1[c] } * share }
        #expect(Self.signs(network, mean)[layer - 1].allSatisfy { $0 <= 0 }, "seed \(seed)")
        #expect(mean.allSatisfy { $0 > Rational(Dyadic(-2.0)) && $0 < Rational(Dyadic(2.0)) }, "seed \(seed)")
      } else {
        // Coarse weights put special points on a coarse grid.
        for x in -15..<16 {
          for y in -15..<16 {
            let point = [Rational(Dyadic(Double(x) / 8)), Rational(Dyadic(Double(y) / 8))]
            #expect(Self.signs(network, point)[layer - 1].contains(1), "seed \(seed) at \(x) \(y)")
          }
        }
      }
    }
  }

  @Test("Zero optima are where a neuron keeps its sign around, and samples find no others", arguments: 0..<12)
  func optima(_ seed: UInt64) throws {
    var rng = SplitMix64(seed: seed)
    let network = Network.random(widths: [2, 2, 3, 1], denominator: 2, using: &rng)
    let complex = try FoldExamples.complex(network, size: 2)
    let optima = complex.zeroOptima()
    let step = Rational(Dyadic(0x1p-12))
    func around(_ point: [Rational], _ neuron: Neuron) -> Set<Int> {
      Set(
        (-3...3).flatMap { x in
          (-3...3).map { y in
            let near = [
              point[0] + step * Rational(Dyadic(Double(x))), point[1] + step * Rational(Dyadic(Double(y))),
            ]
            return Self.signs(network, near)[neuron.layer - 1][neuron.index]
          }
        })
    }
    for optimum in optima {
      let points = optimum.vertices.map { complex.exactVertex($0) }
      let share = Rational(Dyadic(1), over: Dyadic(Double(points.count)))
      let mean = (0..<2).map { c in points.reduce(Rational.zero) { $0 + $1[c] } * share }
      let signs = around(mean, optimum.neuron)
      #expect(signs.contains(0) && signs.count < 3, "seed \(seed): \(optimum)")
      #expect(optimum.isFlat == (signs == [0]), "seed \(seed): \(optimum)")
    }
    let known = Set(optima.map(\.neuron))
    for x in -7..<8 {
      for y in -7..<8 {
        let point = [Rational(Dyadic(Double(x) / 4)), Rational(Dyadic(Double(y) / 4))]
        for (position, layer) in Self.signs(network, point).enumerated() {
          for (index, sign) in layer.enumerated() where sign == 0 {
            let neuron = Neuron(layer: position + 1, index: index)
            if around(point, neuron).count < 3 {
              #expect(known.contains(neuron), "seed \(seed) at \(x) \(y)")
            }
          }
        }
      }
    }
  }

  @Test("Faces of lower dimension are looked at, flat ones and those on the boundary told apart")
  func degenerate() throws {
    // |x| is zero on a line, |x| + |y| at a point; there no neuron of layer 1 is active.
    let rows: [[Double]] = [[1, 0], [-1, 0], [0, 1], [0, -1]]
    for (weights, size) in [([1.0, 1, 0, 0], 2), ([1, 1, 1, 1], 1)] {
      let network = Network(weights: [rows, [weights], [[1]]], biases: [[0, 0, 0, 0], [0], [0]])
      let complex = try FoldExamples.complex(network, size: 1)
      let optima = complex.zeroOptima()
      #expect(optima.map(\.neuron) == [Neuron(layer: 2, index: 0)] && !optima[0].isFlat, "\(weights)")
      #expect(complex.opaqueFace(ofLayer: 1)?.count == 1, "\(weights)")
      #expect(complex.opaqueFace(ofLayer: 2)?.count == size, "\(weights)")
      #expect(complex.isTransparent, "\(weights)")
    }
    // On the box from 0 the same points are on the boundary.
    let network = Network(weights: [rows, [[1, 1, 1, 1]], [[1]]], biases: [[0, 0, 0, 0], [0], [0]])
    let quarter = SubdivisionDomain(box: [Interval(0, 1), Interval(0, 1)])
    let complex = try PolyhedralComplex(network, on: quarter, threads: 1)
    #expect(complex.zeroOptima().isEmpty && complex.opaqueFace(ofLayer: 1) == nil)
    // ReLU(x) + ReLU(y) is flat on a quadrant.
    let flat = Network(weights: [[[1, 0], [0, 1]], [[1, 1]], [[1]]], biases: [[0, 0], [0], [0]])
    #expect(try FoldExamples.complex(flat, size: 1).zeroOptima().map(\.isFlat) == [true])
    // |y| - ReLU(x) touches the line x = 0 at a point, and crosses it nowhere.
    let touching = Network(
      weights: [[[1, 0], [0, 1], [0, -1]], [[-1, 1, 1]], [[1]]], biases: [[0, 0, 0], [0], [0]])
    #expect(try FoldExamples.folds(touching, size: 1).crossings().isEmpty)
  }

  @Test("Three lines through a point are in special position, a generic network is not")
  func position() throws {
    let crossing = Network(
      weights: [[[1, 0], [0, 1], [1, 1]], [[1, 1, 1]]], biases: [[0, 0, 0], [0]])
    let special = try FoldExamples.folds(crossing, size: 1)
    guard case .excess(let neurons, 2) = special.complex.facePosition(special.ridges) else {
      Issue.record("three lines through a point")
      return
    }
    #expect(neurons.count == 3)
    let general = try FoldExamples.folds(FoldExamples.general, size: 6)
    #expect(general.complex.facePosition(general.ridges) == .simple)
    let constant = Network(weights: [[[0, 0], [1, 1]], [[1, 1]]], biases: [[0, 0], [0]])
    let flat = try FoldExamples.folds(constant, size: 1)
    guard case .excess(_, 0) = flat.complex.facePosition(flat.ridges) else {
      Issue.record("a neuron that vanishes")
      return
    }
  }

  /// F15: generic lines and planes.
  @Test(
    "One layer of generic neurons has the textbook number of regions, each a linear region", arguments: 1...5)
  func counts(_ n: Int) throws {
    var rng = SplitMix64(seed: UInt64(n))
    for d in 2...3 {
      let network = Network.random(widths: [d, n, 1], denominator: 1 << 20, using: &rng)
      guard n >= d else { continue }
      let domain = SubdivisionDomain(space: d)
      let complex = try PolyhedralComplex(network, on: domain, threads: 1)
      let binomials = [1, n, n * (n - 1) / 2, n * (n - 1) * (n - 2) / 6]
      #expect(complex.regionCount == binomials[0...d].reduce(0, +), "n = \(n), d = \(d)")
      #expect(Folds(complex, threads: 1).bendOrder().classCount == n, "n = \(n), d = \(d)")
    }
  }

  /// The signs of all hidden neurons at a point, exactly.
  static func signs(_ network: Network, _ point: [Rational]) -> [[Int]] {
    var signal = point
    return network.hiddenLayers.map { layer in
      let weights = layer.blocks[0].weights
      let values = (0..<layer.width).map { i in
        (0..<weights.columns).reduce(Rational(layer.bias[i, 0])) {
          $0 + Rational(weights[i, $1]) * signal[$1]
        }
      }
      signal = values.map { $0.sign > 0 ? $0 : .zero }
      return values.map(\.sign)
    }
  }
}
