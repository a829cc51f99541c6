import Crease
import Foundation

/// Activation regions in the box (-1, 1)^d, beside what the machine could do.
///
/// The yardstick is one affine map of the next layer for each region of the layers before it, and one evaluation of
/// each hidden neuron at each vertex; so many multiply-adds at the rate at which one core does them in registers.
enum Regions {
  /// The environment variable that names a folder of networks to count besides the seeded ones.
  static let folderVariable = "CREASE_ORACLE_NETWORKS"

  static let shapes = [
    [2, 8, 8, 1], [2, 16, 16, 1], [2, 32, 32, 32, 1], [2, 64, 64, 64, 1], [3, 16, 16, 1], [3, 32, 32, 1],
    [4, 16, 16, 1], [5, 20, 20, 1], [6, 12, 12, 1],
  ]

  static func run(_ stopwatch: Stopwatch) {
    guard ["RegionsByVertices", "RegionsByPrograms", "RegionsComplex"].contains(where: stopwatch.runs) else {
      return
    }
    let rate = multiplyAddRate()
    print("{\"benchmark\": \"MultiplyAddRate\", \"perSecond\": \(rate)}")
    for (name, network) in networks() { measure(network, name, rate, stopwatch) }
  }

  /// The networks, each with its name.
  static func networks() -> [(String, Network)] {
    if let folder = ProcessInfo.processInfo.environment[folderVariable] {
      let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      return files.sorted().filter { $0.hasSuffix(".npz") }.compactMap { file in
        let url = URL(fileURLWithPath: folder).appendingPathComponent(file)
        guard let network = try? Network(contentsOf: url), network.inputCount <= 6 else { return nil }
        return (url.deletingPathExtension().lastPathComponent, network)
      }
    }
    return shapes.map { widths in
      var rng = SplitMix64(seed: 1)
      return (widths.map(String.init).joined(separator: "-"), heNetwork(widths: widths, using: &rng))
    }
  }

  static func measure(_ network: Network, _ name: String, _ rate: Double, _ stopwatch: Stopwatch) {
    let side = Interval(-1, 1)
    let domain = SubdivisionDomain(box: Array(repeating: side, count: network.inputCount))
    let subdivision = Subdivision(network, on: domain)
    guard let cost = try? Cost(subdivision) else { return }
    let figures = { (seconds: Double) -> [(String, Double)] in
      [
        ("regions", Double(cost.regions)), ("regionsPerSecond", Double(cost.regions) / seconds),
        ("nanosecondsPerRegion", seconds / Double(cost.regions) * 1e9),
        ("timesTheLimit", seconds / (cost.multiplyAdds / rate)),
      ]
    }
    let runs = cost.regions < 20_000 ? 7 : 3
    stopwatch.measure("RegionsByVertices", size: name, runs: runs, figures: figures) {
      Double((try? subdivision.count(algorithm: .vertices, threads: 1).activationRegions) ?? -1)
    }
    stopwatch.measure("RegionsComplex", size: name, runs: runs, figures: figures) {
      Double((try? subdivision.complex(threads: 1).regionCount) ?? -1)
    }
    stopwatch.measure(
      "RegionsByPrograms", size: name, runs: cost.regions < 20_000 ? 3 : 1, figures: figures
    ) {
      Double((try? subdivision.count(algorithm: .programs, threads: 1).activationRegions) ?? -1)
    }
  }

  /// What the yardstick asks for a network.
  struct Cost {
    let regions: Int
    let multiplyAdds: Double

    init(_ subdivision: Subdivision) throws {
      let network = subdivision.network
      let lanes = Double(network.inputCount + 1)
      var sum = 0.0
      for depth in 1..<max(1, network.hiddenLayers.count) {
        let shallow = Network(inputCount: network.inputCount, layers: Array(network.layers.prefix(depth + 1)))
        let first = try Subdivision(shallow, on: subdivision.domain).count()
        let weights = network.layers[depth - 1].width * network.layers[depth].width
        sum += Double(first.activationRegions * weights) * lanes
      }
      let whole = try subdivision.count()
      regions = whole.activationRegions
      sum += Double((whole.faceCounts[0] ?? 0) * network.hiddenNeuronCount) * lanes
      multiplyAdds = sum
    }
  }

  /// A seeded network with the normal weights of He's initialisation, rounded to float32.
  static func heNetwork(widths: [Int], using rng: inout SplitMix64) -> Network {
    func normal(_ deviation: Double) -> Double {
      let radius = (-2 * log(Double.random(in: 0x1p-53..<1, using: &rng))).squareRoot()
      return Double(Float(deviation * radius * cos(Double.random(in: 0..<2 * .pi, using: &rng))))
    }
    return Network(
      weights: (1..<widths.count).map { l in
        let deviation = (2 / Double(widths[l - 1])).squareRoot()
        return (0..<widths[l]).map { _ in (0..<widths[l - 1]).map { _ in normal(deviation) } }
      },
      biases: (1..<widths.count).map { l in
        let bound = (1 / Double(widths[l - 1])).squareRoot()
        return (0..<widths[l]).map { _ in Double(Float(Double.random(in: -bound...bound, using: &rng))) }
      },
      storage: .float32)
  }

  /// How many fused multiply-adds one core does in a second, on independent vectors in registers.
  static func multiplyAddRate() -> Double {
    let steps = 20_000_000
    var best = 0.0
    for run in 0..<5 {
      let start = Stopwatch.processorSeconds
      let sum = multiplyAdds(steps, factor: 0.5 + Double(run) * 0x1p-20)
      let rate = Double(steps * 10 * 4) / (Stopwatch.processorSeconds - start)
      if sum.isFinite { best = max(best, rate) }
    }
    return best
  }

  @inline(never)
  private static func multiplyAdds(_ steps: Int, factor: Double) -> Double {
    let x = SIMD4<Double>(repeating: factor)
    let y = SIMD4<Double>(repeating: 1)
    var (a, b, c, d, e) = (x, x + 1, x + 2, x + 3, x + 4)
    var (f, g, h, i, j) = (x + 5, x + 6, x + 7, x + 8, x + 9)
    for _ in 0..<steps {
      a = y.addingProduct(a, x)
      b = y.addingProduct(b, x)
      c = y.addingProduct(c, x)
      d = y.addingProduct(d, x)
      e = y.addingProduct(e, x)
      f = y.addingProduct(f, x)
      g = y.addingProduct(g, x)
      h = y.addingProduct(h, x)
      i = y.addingProduct(i, x)
      j = y.addingProduct(j, x)
    }
    return (a + b + c + d + e + f + g + h + i + j).sum()
  }
}
