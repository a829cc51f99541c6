import ExactArithmetic
import Networks
import Testing
import _TestSupport

@testable import Complexes

/// Betti numbers of sets of pixels, by counting and flooding: no linear algebra, and no complex of the network.
private struct Raster {
  let size: Int
  private var isIn: [Bool]

  /// The pixels of a square grid at which a function is at most zero.
  init(size: Int, radius: Double, _ value: (Double, Double) -> Double) {
    self.size = size
    isIn = []
    // Pixel centres, off the axes of symmetry.
    func coordinate(_ i: Int) -> Double { radius * (2 * (Double(i) + 0.5) / Double(size) - 1) }
    for i in 0..<size {
      for j in 0..<size { isIn.append(value(coordinate(i), coordinate(j)) <= 0) }
    }
  }

  /// The number of components of pixels in the set, or out of it; those that meet the border of the grid on demand.
  func components(inside: Bool, corners: Bool, onlyInner: Bool = false) -> Int {
    var seen = Array(repeating: false, count: size * size)
    var count = 0
    for start in isIn.indices where isIn[start] == inside && !seen[start] {
      var waiting = [start]
      var isInner = true
      seen[start] = true
      while let pixel = waiting.popLast() {
        let (i, j) = (pixel / size, pixel % size)
        if i == 0 || j == 0 || i == size - 1 || j == size - 1 { isInner = false }
        for di in -1...1 {
          for dj in -1...1 where corners || di == 0 || dj == 0 {
            let (a, b) = (i + di, j + dj)
            guard a >= 0, b >= 0, a < size, b < size else { continue }
            let next = a * size + b
            if isIn[next] == inside, !seen[next] {
              seen[next] = true
              waiting.append(next)
            }
          }
        }
      }
      if isInner || !onlyInner { count += 1 }
    }
    return count
  }
}

@Suite("Topology against a raster")
struct RasterTests {
  @Test("sublevel and superlevel sets of random networks have the Betti numbers of their pixels")
  func randomNetworks() throws {
    var interesting = 0
    try forEachSeed(0..<24) { seed, rng in
      let network = Network.random(widths: [2, 5, 4, 1], denominator: 4, using: &rng)
      let centre = network.outputs(at: [0.3, 0.2])[0]
      let levels = try TopologyExamples.levels(of: network, at: [centre], on: TopologyExamples.box(2, 2))
      let sets = [levels.sublevelSet(0), levels.superlevelSet(0)]
      for (set, sign) in zip(sets, [1.0, -1.0]) {
        // The set of pixels agrees for two sizes of pixels: what happens is large enough to be seen.
        let betti = [90, 130].map { size in
          let raster = Raster(size: size, radius: 2) { x, y in
            sign * (network.outputs(at: [x, y])[0] - centre)
          }
          return [
            raster.components(inside: true, corners: false),
            raster.components(inside: false, corners: true, onlyInner: true),
          ]
        }
        guard betti[0] == betti[1] else { continue }
        if betti[0] != [1, 0] { interesting += 1 }
        #expect(set.topology().bettiNumbers == betti[0], "seed \(seed), sign \(sign)")
      }
    }
    #expect(interesting >= 3)
  }
}
