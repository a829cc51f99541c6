import Complexity
import ExactArithmetic
import Networks
import Testing
import _TestSupport

@Suite("Covers of small classes, built")
struct SmallCoverTests {
  /// All lists of `length` numbers below `base`.
  private func lists(_ length: Int, below base: Int) -> [[Int]] {
    (0..<length).reduce([[]]) { all, _ in all.flatMap { list in (0..<base).map { list + [$0] } } }
  }

  /// A class and an ε that make the grid have `cells` cells for each parameter.
  private func grid(_ widths: [Int], cells: Int) -> ParameterGrid {
    let networks = NetworkClass(widths: widths, radius: .one, inputRadius: .one)
    let epsilon = Rational(
      networks.parameterLipschitz.numerator, over: Dyadic(Int64(cells)))
    return ParameterGrid(networks, epsilon: epsilon)
  }

  @Test(
    "Formulas count the grid networks in order, one by one; orbits of permutations are no more",
    arguments: [([1, 2, 1], 3), ([1, 2, 1], 4), ([2, 2, 1], 2), ([1, 3, 1], 2), ([1, 2, 2], 2)])
  func enumeration(_ widths: [Int], _ cells: Int) throws {
    let grid = grid(widths, cells: cells)
    try #require(grid.cells == [BigInteger(Int64(cells)), BigInteger(Int64(cells))])
    let (length, hidden) = (widths[0] + 1, widths[1])
    let rows = lists(length, below: cells)
    let outputs = lists((hidden + 1) * widths[2], below: cells).count
    let layers = lists(hidden, below: rows.count)
    func count(_ isTaken: ([[Int]]) -> Bool) -> Int {
      outputs * layers.count { isTaken($0.map { rows[$0] }) }
    }
    func isSorted(_ list: [[Int]]) -> Bool {
      zip(list, list.dropFirst()).allSatisfy { !$1.lexicographicallyPrecedes($0) }
    }
    func touches(_ row: [Int]) -> Bool { row.contains(0) || row.contains(cells - 1) }
    let counted: [ParameterGrid.Quotient: Int] = [
      .none: count { _ in true },
      .sortedBiases: count { list in isSorted(list.map { [$0[length - 1]] }) },
      .sortedRows: count(isSorted), .sortedFullRows: count { isSorted($0) && $0.allSatisfy(touches) },
    ]
    for (quotient, number) in counted {
      #expect(grid.size(modulo: quotient).exact == BigInteger(Int64(number)), "\(widths), \(quotient)")
    }
    // The orbits: hidden neurons with their rows and columns, as sets with repetition.
    let columns = lists(widths[2], below: cells)
    let kinds = rows.count * columns.count
    let orbits = LargeCount.multisets(of: hidden, from: BigInteger(Int64(kinds)))
    let biases = LargeCount(BigInteger(Int64(cells))).raised(to: widths[2])
    let all = try #require((orbits * biases).exact)
    #expect(all <= BigInteger(Int64(counted[.sortedRows] ?? 0)))
    #expect(BigInteger(Int64(counted[.sortedRows] ?? 0)) <= BigInteger(Int64(counted[.none] ?? 0)))
  }

  @Test(
    "Each member is within ε of the one that stands for it", arguments: Array(UInt64(0)..<8),
    [[1, 2, 1], [2, 2, 1]])
  func covers(seed: UInt64, widths: [Int]) throws {
    var rng = SplitMix64(seed: seed)
    let radius = try #require(Rational(decimal: ["1", "0.5", "3"][Int(seed % 3)]))
    let networks = NetworkClass(widths: widths, radius: radius, inputRadius: .one)
    let epsilon = networks.signalBounds[2] * Rational(Dyadic(1, exponent: -Int(seed % 4)))
    for steps in [ParameterGrid.Steps.uniform, .byLayer] {
      let grid = ParameterGrid(networks, epsilon: epsilon, steps: steps)
      let cover = SmallCover(networks, cells: try grid.cells.map { Int(try #require($0.int64)) })
      for _ in 0..<15 {
        let rows = [widths[0] + 1, widths[0] + 1, 3].map { length in
          (0..<length).map { _ in entry(radius, cells: cover.cells[0], using: &rng) }
        }
        for quotient in ParameterGrid.Quotient.allCases {
          let places = cover.standIn(rows, modulo: quotient)
          let distance = cover.distance(rows, cover.network(places))
          #expect(distance <= epsilon, "seed \(seed), \(quotient), \(rows)")
          if quotient == .sortedFullRows {
            #expect(places.dropLast().allSatisfy { $0.contains { $0 == 0 || $0 == cover.cells[0] - 1 } })
          }
        }
      }
    }
  }

  /// A parameter: anywhere, at the ends of the box, at a border of cells, or 0.
  private func entry(_ radius: Rational, cells: Int, using rng: inout SplitMix64) -> Rational {
    switch Int.random(in: 0..<6, using: &rng) {
    case 0: return radius
    case 1: return -radius
    case 2: return .zero
    case 3:
      let border = Int64.random(in: 0...Int64(cells), using: &rng)
      return Rational(Dyadic(2 * border - Int64(cells)), over: Dyadic(Int64(cells))) * radius
    default: return Rational(Dyadic(Double.random(in: -1...1, using: &rng))) * radius
    }
  }

  @Test("The worst case of the Lipschitz constant is nearly reached")
  func tightness() {
    // All parameters 1 against all parameters 1 − δ, at the input 1.
    let networks = NetworkClass(widths: [1, 2, 1], radius: .one, inputRadius: .one)
    let cover = SmallCover(networks, cells: [1, 1])
    let delta = Rational(Dyadic(1, exponent: -20))
    func constant(_ value: Rational) -> [[Rational]] { [2, 2, 3].map { Array(repeating: value, count: $0) } }
    let distance = cover.distance(constant(.one), constant(.one - delta))
    let bound = networks.parameterLipschitz * delta
    #expect(distance <= bound && bound * Rational(Dyadic(0.999)) <= distance)
  }
}
