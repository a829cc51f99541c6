import Complexes
import ExactArithmetic
import Networks
import Polyhedra
import Testing
import _TestSupport

@Suite("Laws of subdivision")
struct LawTests {
  private static let shapes: [[Int]] = [[1, 4, 3, 1], [2, 4, 3, 2], [2, 3, 2, 3, 1], [3, 3, 3, 1]]

  private func networks(_ seeds: Range<UInt64>, _ body: (Network, String, inout SplitMix64) throws -> Void)
    rethrows
  {
    try forEachSeed(seeds) { seed, rng in
      for shape in Self.shapes {
        let network = Network.degenerate(widths: shape, skips: seed.isMultiple(of: 2), using: &rng)
        try body(network, "seed \(seed), \(shape)", &rng)
      }
    }
  }

  private func faces(_ network: Network, on domain: SubdivisionDomain? = nil) throws -> [Int?] {
    try Subdivision(network, on: domain ?? .cube(network.inputCount, -1, 1)).count(allFaces: true, threads: 1)
      .faceCounts
  }

  @Test("Permuting neurons and rescaling them by powers of two changes no count")
  func symmetries() throws {
    try networks(0..<6) { network, comment, rng in
      let orders = network.widths.map { Array(0..<$0).shuffled(using: &rng) }
      let scales = network.widths.map { width in
        (0..<width).map { _ in
          Double(sign: .plus, exponent: Int.random(in: -70...70, using: &rng), significand: 1)
        }
      }
      let hidden = 1..<network.layers.count
      let disguised = network.mapping { layer, source, i, j in
        let row = hidden.contains(layer) ? orders[layer][i] : i
        var factor = hidden.contains(layer) ? scales[layer][row] : 1
        guard let source, source > 0 else { return (row, j, factor) }
        let column = orders[source][j]
        factor /= scales[source][column]
        return (row, column, factor)
      }
      let count = try faces(network)
      #expect(try faces(disguised) == count, "\(comment)")
    }
  }

  @Test("Permuting the coordinates, or turning one over, changes no count")
  func coordinates() throws {
    try networks(10..<16) { network, comment, rng in
      let order = Array(0..<network.inputCount).shuffled(using: &rng)
      let flips = order.map { _ in Bool.random(using: &rng) ? 1.0 : -1 }
      let turned = network.mapping { _, source, i, j in source == 0 ? (i, order[j], flips[j]) : (i, j, 1) }
      let count = try faces(network)
      #expect(try faces(turned) == count, "\(comment)")
    }
  }

  @Test("Dead neurons and twins change no count")
  func deadAndTwins() throws {
    try networks(20..<26) { network, comment, _ in
      let count = try faces(network)
      // One more neuron in the first layer: a copy of its first that nothing reads, or one that is never active.
      for isTwin in [true, false] {
        let layers = network.layers.enumerated().map { position, layer in
          let n = network.inputCount
          let blocks = layer.blocks.map { block in
            let rows = (0..<layer.width).map { i in (0..<block.weights.columns).map { block.weights[i, $0] } }
            let more =
              position == 0
              ? rows + [isTwin ? rows[0] : Array(repeating: .one, count: n)]
              : block.source == 1 ? rows.map { $0 + [isTwin ? .zero : .one] } : rows
            return Network.Block(
              source: block.source,
              weights: ExactMatrix(rows: more.count, columns: more[0].count, elements: more.flatMap(\.self)))
          }
          var bias = (0..<layer.width).map { layer.bias[$0, 0] }
          if position == 0 { bias.append(isTwin ? bias[0] : Dyadic(-100)) }
          return Network.Layer(
            blocks: blocks, bias: ExactMatrix(rows: bias.count, columns: 1, elements: bias))
        }
        #expect(try faces(Network(inputCount: network.inputCount, layers: layers)) == count, "\(comment)")
      }
    }
    let single = Network(weights: [[[1, 2], [2, -1]], [[1, 1]]], biases: [[0, 1], [0]])
    let twin = Network(
      weights: [[[1, 2], [2, -1], [3, 6], [-1, -2]], [[1, 1, 0, 1]]], biases: [[0, 1, 0, 0], [0]])
    for domain in [SubdivisionDomain.cube(2, -1, 1), SubdivisionDomain(space: 2)] {
      let count = try faces(single, on: domain)
      #expect(try faces(twin, on: domain) == count)
    }
  }

  @Test("The patterns of a box are those of its halves together")
  func halves() throws {
    try networks(30..<36) { network, comment, _ in
      let n = network.inputCount
      func signs(_ lower: Double, _ upper: Double) throws -> Set<SlowSubdivision.Signs> {
        let sides = [Interval(lower, upper)] + Array(repeating: Interval(-2, 2), count: n - 1)
        let complex = try PolyhedralComplex(network, on: SubdivisionDomain(box: sides), threads: 1)
        return Set((0..<complex.regionCount).map { complex.signs(of: $0) })
      }
      let halves = try signs(-2, 0.25).union(signs(0.25, 2))
      #expect(try signs(-2, 2) == halves, "\(comment)")
    }
  }

  @Test("One thread, two and three give the same complex in the same order")
  func threads() throws {
    try forEachSeed(40..<42) { seed, rng in
      let networks = [
        Network.random(widths: [2, 12, 10, 1], using: &rng), .random(widths: [3, 7, 6, 2], using: &rng),
        .degenerate(widths: [3, 6, 4, 1], skips: true, using: &rng),
      ]
      for network in networks {
        let subdivision = Subdivision(network, on: .cube(network.inputCount, -2, 2))
        let one = try subdivision.complex(threads: 1)
        let count = try subdivision.count(allFaces: true, threads: 1)
        for threads in [2, 3] {
          let other = try subdivision.complex(threads: threads)
          #expect(try subdivision.count(allFaces: true, threads: threads) == count, "seed \(seed)")
          #expect(other.count.exactPredicates == one.count.exactPredicates, "seed \(seed)")
          #expect(other.wallCount == one.wallCount && other.vertexCount == one.vertexCount, "seed \(seed)")
          #expect(other.regionCount == one.regionCount, "seed \(seed)")
          for region in 0..<min(one.regionCount, other.regionCount) {
            #expect(other.pattern(of: region) == one.pattern(of: region), "seed \(seed)")
            #expect(other.vertices(of: region) == one.vertices(of: region), "seed \(seed)")
            #expect(other.walls(of: region) == one.walls(of: region), "seed \(seed)")
          }
          for vertex in 0..<min(one.vertexCount, other.vertexCount) {
            #expect(other.coordinates(of: vertex) == one.coordinates(of: vertex), "seed \(seed)")
          }
          #expect(
            other.linearRegions().ofActivationRegion == one.linearRegions().ofActivationRegion, "seed \(seed)"
          )
        }
      }
    }
  }

  @Test("An interior point has the pattern of its region, and the region's map its outputs")
  func interiorPoints() {
    networks(50..<54) { network, comment, _ in
      for domain in [
        SubdivisionDomain.cube(network.inputCount, -1, 1), SubdivisionDomain(space: network.inputCount),
      ] {
        let subdivision = Subdivision(network, on: domain)
        guard let complex = try? subdivision.complex(threads: 1) else { continue }
        for region in 0..<complex.regionCount {
          let x = complex.interiorPoint(of: region)
          let point = x.map { Dyadic($0) } + [.one]
          let signs = complex.signs(of: region)
          for (number, sign) in signs.enumerated() {
            let form = SlowSubdivision.form(of: number, complex.network, signs)
            let value = zip(form, point).reduce(Dyadic.zero) { $0 + $1.0 * $1.1 }
            #expect(value.sign == Int(sign), "\(comment), region \(region), neuron \(number)")
          }
          let outputs = complex.exactMaps(on: region).map { map in
            zip(map, point).reduce(Dyadic.zero) { $0 + $1.0 * $1.1 }
          }
          #expect(outputs == complex.network.exactOutputs(at: x), "\(comment), region \(region)")
        }
      }
    }
  }

  @Test("Coordinates of vertices lie within their bounds of the point where their constraints meet")
  func vertexErrors() throws {
    try forEachSeed(60..<64) { seed, rng in
      let network = Network.random(widths: [2, 6, 5, 1], denominator: 3, using: &rng)
      let complex = try PolyhedralComplex(network, on: .cube(2, -1, 1))
      for region in 0..<complex.regionCount {
        let signs = complex.signs(of: region)
        for vertex in complex.vertices(of: region).map({ Int($0) }) {
          let error = Dyadic(complex.coordinateError(of: vertex))
          let x = complex.coordinates(of: vertex).map { Dyadic($0) } + [.one]
          for neuron in complex.neurons(ofVertex: vertex) {
            let number = network.hiddenNeurons.firstIndex(of: neuron) ?? 0
            let form = SlowSubdivision.form(of: number, network, signs)
            let value = zip(form, x).reduce(Dyadic.zero) { $0 + $1.0 * $1.1 }.magnitude
            let slope = form.dropLast().reduce(Dyadic.zero) { $0 + $1.magnitude }
            #expect(value <= slope * error, "seed \(seed), vertex \(vertex)")
          }
        }
      }
    }
  }
}
