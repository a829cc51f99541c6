import Complexes
import ExactArithmetic
import Networks
import Polyhedra
import Testing
import _TestSupport

/// Degenerate networks, compared with all sign patterns: see ``SlowSubdivision``.
@Suite("Small networks against all sign patterns")
struct BruteForceTests {
  private static let shapes: [[Int]] = [
    [1, 4, 3, 1], [1, 2, 2, 2, 1], [2, 5, 1], [2, 3, 3, 1], [2, 2, 2, 2, 1], [2, 1, 4, 1], [2, 4, 2, 2, 2],
  ]
  private static let solidShapes: [[Int]] = [[3, 4, 1], [3, 3, 2, 1], [3, 2, 2, 1], [3, 1, 3, 1]]

  private func networks(
    _ shapes: [[Int]], _ seeds: Range<UInt64>,
    _ body: (Network, _ comment: String, inout SplitMix64) throws -> Void
  ) rethrows {
    try forEachSeed(seeds) { seed, rng in
      for (position, shape) in shapes.enumerated() {
        let skips = (seed + UInt64(position)).isMultiple(of: 2)
        let network = Network.degenerate(widths: shape, skips: skips, using: &rng)
        try body(network, "seed \(seed), \(shape), skips \(skips)", &rng)
      }
    }
  }

  @Test("Boxes")
  func boxes() throws {
    try networks(Self.shapes, 0..<25) { network, comment, rng in
      let n = network.inputCount
      let size = Double(Int.random(in: 1...3, using: &rng))
      try expectSlowRegions(network, on: .cube(n, -size, size), comment)
      try expectSlowRegions(network, on: .cube(n, 0, 1), comment)
    }
    try networks(Self.solidShapes, 0..<6) { network, comment, _ in
      try expectSlowRegions(network, on: .cube(3, -1, 1), comment)
    }
  }

  @Test("Polytopes in a box")
  func polytopes() throws {
    try networks(Self.shapes, 100..<115) { network, comment, rng in
      let n = network.inputCount
      let halfSpaces = (0..<3).map { _ in HalfSpace.random(dimension: n, using: &rng) }
      let box = Array(repeating: Interval(-2, 2), count: n)
      // Each constraint a second time is touching everywhere it bounds.
      let domain = SubdivisionDomain(box: box, halfSpaces: halfSpaces + halfSpaces)
      try expectSlowRegions(network, on: domain, comment)
    }
  }

  /// All of space, perhaps cut by half-spaces; the number of networks that could be subdivided.
  private func spaces(_ shapes: [[Int]], _ seeds: Range<UInt64>, cuts: Int) throws -> Int {
    var done = 0
    try networks(shapes, seeds) { network, comment, rng in
      let n = network.inputCount
      let domain = SubdivisionDomain(
        space: n, halfSpaces: (0..<cuts).map { _ in .random(dimension: n, using: &rng) })
      let subdivision = Subdivision(network, on: domain)
      do {
        try expectSlowRegions(subdivision.network, on: subdivision.domain, comment)
      } catch SubdivisionError.notPointed {
        return
      }
      // Coordinates nothing depends on may be left out.
      #expect(
        SlowSubdivision(network, on: domain).regions
          == SlowSubdivision(subdivision.network, on: subdivision.domain).regions, "\(comment)")
      done += 1
    }
    return done
  }

  @Test("All of space")
  func space() throws {
    #expect(try spaces(Self.shapes, 200..<225, cuts: 0) > 120)
    #expect(try spaces(Self.solidShapes, 200..<206, cuts: 0) > 12)
  }

  @Test("Unbounded polytopes")
  func cutSpace() throws {
    #expect(try spaces(Self.shapes, 300..<315, cuts: 2) > 50)
    #expect(try spaces(Self.solidShapes, 300..<304, cuts: 2) > 4)
  }

  @Test("Slices of networks with many inputs")
  func slices() throws {
    try networks([[5, 3, 3, 1], [6, 4, 1]], 400..<420) { network, comment, rng in
      let n = network.inputCount
      func vector() -> [Double] { (0..<n).map { _ in Double(Int.random(in: -2...2, using: &rng)) / 2 } }
      let slice = AffineSlice(origin: vector(), directions: [vector(), vector()])
      let restricted = network.restricted(to: slice)
      let complex = try expectSlowRegions(restricted, on: .cube(2, -1, 1), comment)
      for region in 0..<complex.regionCount {
        let s = complex.interiorPoint(of: region).map { ($0 * 64).rounded() / 64 }
        #expect(restricted.exactOutputs(at: s) == network.exactOutputs(at: slice.input(at: s)), "\(comment)")
      }
    }
  }

  @Test("A box that holds some coordinates fixed is a slice")
  func fixedCoordinates() throws {
    try networks([[3, 3, 2, 1], [4, 3, 2, 1]], 500..<515) { network, comment, _ in
      let sides = (0..<network.inputCount).map { $0 % 2 == 0 ? Interval(-1, 1) : Interval(1) }
      let subdivision = Subdivision(network, on: SubdivisionDomain(box: sides))
      #expect(subdivision.domain.dimension == 2)
      let ones = (0..<network.inputCount).map { $0 % 2 == 0 ? 0.0 : 1 }
      let slice = AffineSlice(coordinates: [0, 2].filter { $0 < network.inputCount }, through: ones)
      #expect(subdivision.slice == slice, "\(comment)")
      try expectSlowRegions(subdivision.network, on: subdivision.domain, comment)
    }
  }
}
