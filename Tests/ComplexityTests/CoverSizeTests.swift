import Complexity
import ExactArithmetic
import Foundation
import Testing

@Suite("Sizes of covers")
struct CoverSizeTests {
  /// A line of the table of worked numbers, logarithms to the base e.
  struct Example: CustomTestStringConvertible {
    let widths: [Int]
    let epsilon: String
    let parameters: Int
    let lipschitz: Int64
    let naive: Double
    let orders: Double
    let sorted: Double
    let shen: [Double]
    /// Half a unit in the last printed digit, of logarithms and of Shen's.
    var digits = (0.005, 0.06)
    var testDescription: String { "\(widths), \(epsilon)" }
  }

  static let examples = [
    Example(
      widths: [2, 10, 1], epsilon: "0.1", parameters: 41, lipschitz: 61, naive: 262.95, orders: 15.10,
      sorted: 247.85, shen: [337.7, 408.8]),
    Example(
      widths: [10, 100, 1], epsilon: "0.1", parameters: 1201, lipschitz: 2201, naive: 12009.1,
      orders: 363.74, sorted: 11645.36, shen: [14357.8, 17405.4], digits: (0.051, 0.06)),
    Example(
      widths: [10, 64, 64, 1], epsilon: "0.1", parameters: 4929, lipschitz: 135_297, naive: 69586.7,
      orders: 410.34, sorted: 69176.36, shen: [96230.1], digits: (0.051, 0.06)),
    Example(
      widths: [784, 512, 512, 512, 1], epsilon: "0.1", parameters: 927_745, lipschitz: 421_444_453_377,
      naive: 26_969_119, orders: 8058.18, sorted: 26_961_061, shen: [34_585_316], digits: (0.6, 0.6)),
    Example(
      widths: [1, 50, 1], epsilon: "0.5", parameters: 151, lipschitz: 201, naive: 905.46, orders: 148.48,
      sorted: 756.99, shen: [1070.2, 1279.6]),
  ]

  private func unit(_ widths: [Int]) -> NetworkClass {
    NetworkClass(widths: widths, radius: .one, inputRadius: .one)
  }

  @Test("Worked numbers", arguments: examples)
  func workedNumbers(_ example: Example) throws {
    let networks = unit(example.widths)
    let epsilon = try #require(Rational(decimal: example.epsilon))
    let grid = ParameterGrid(networks, epsilon: epsilon)
    let base = log(10.0)
    #expect(networks.parameterCount == example.parameters)
    #expect(networks.parameterLipschitz == Rational(Dyadic(example.lipschitz)))
    #expect(abs(grid.size(modulo: .none).log10.upper * base - example.naive) < example.digits.0)
    #expect(abs(grid.size(modulo: .sortedRows).log10.upper * base - example.sorted) < example.digits.0)
    let orders = networks.hiddenWidths.reduce(0) { $0 + LargeCount.orders(of: $1).log10.upper }
    #expect(abs(orders * base - example.orders) < 0.0051)
    let shen = networks.shenBounds(epsilon).map { $0.log10Value * base }
    #expect(shen.count == example.shen.count)
    for (value, printed) in zip(shen, example.shen) { #expect(abs(value - printed) < example.digits.1) }
  }

  @Test("The Lipschitz constant of 3-4-4-1 is 201, with skip blocks a sum over ways to the output")
  func lipschitz() {
    #expect(unit([3, 4, 4, 1]).parameterLipschitz == Rational(Dyadic(201)))
    // Layer 2 reads the input as well: M_1 = 3, k_1 = 3 · 4 B, k_2 = 4 · 3 + 2 · 1 + 1.
    let skip = NetworkClass(
      widths: [2, 4, 1], sources: [[0], [0, 1]], radius: .one, inputRadius: .one)
    #expect(skip.layerSensitivities == [12, 15].map { Rational(Dyadic($0)) })
    #expect(skip.parameterCount == 19)
    // An activation of slope 2 doubles what hidden signals carry, and what becomes of errors in them.
    let steep = NetworkClass(
      widths: [3, 4, 4, 1], radius: .one, inputRadius: .one, activationLipschitz: Rational(Dyadic(2)))
    #expect(steep.signalBounds == [1, 8, 66, 265].map { Rational(Dyadic($0)) })
    #expect(steep.layerSensitivities == [256, 264, 265].map { Rational(Dyadic($0)) })
  }

  @Test("Multisets are counted exactly, and enclosed where exact counts are too long")
  func multisets() throws {
    #expect(LargeCount.multisets(of: 10, from: BigInteger(4)).exact == BigInteger(286))
    let warning = DivisionWarning(cells: BigInteger(4), neurons: 10)
    #expect(warning.quotient.upper < 0 && abs(pow(10, warning.quotient.upper) - 0.289) < 5e-4)
    // 2 kinds: a multiset is the number of the first; 1 kind: there is one.
    #expect(LargeCount.multisets(of: 30_000, from: BigInteger(1)).log10.contains(0))
    let two = LargeCount.multisets(of: 29_999, from: BigInteger(2)).log10
    #expect(two.contains(log10(30_000)) && two.upper - two.lower < 1e-6)
    // Beyond 2^62 the enclosure holds the sum of logarithms, one by one.
    let many = try #require(BigInteger(decimal: "5000000000000000000"))
    let size: Int64 = 2000
    let enclosed = LargeCount.multisets(of: Int(size), from: many).log10
    let rising = (0..<size).reduce(Interval(0)) { $0 + (many + BigInteger($1)).log10 }
    let exact = rising - LargeCount.orders(of: Int(size)).log10
    #expect(enclosed.lower <= exact.upper && exact.lower <= enclosed.upper)
    #expect(enclosed.upper - enclosed.lower < 1e-7)
  }

  @Test("Rows at the boundary are counted exactly, and enclosed where exact counts are too long")
  func boundaryRows() throws {
    // By hand: 4² − 2², 3³ − 1, 2⁵, 1, and the ends of a single parameter.
    for (length, cells, count) in [(2, 4, 12), (3, 3, 26), (5, 2, 32), (7, 1, 1), (1, 9, 2), (1, 1, 1)] {
      let found = LargeCount.boundaryRows(of: length, from: BigInteger(Int64(cells)))
      #expect(found.exact == BigInteger(Int64(count)), "\(length), \(cells)")
    }
    // Longer than what is kept: against the difference of powers, for few, many and very many cells.
    for (length, cells) in [
      (60_000, "3"), (90_000, "17"), (5000, "100000000"), (700, "1" + .init(repeating: "0", count: 40)),
      (50, "9" + .init(repeating: "7", count: 500)),
    ] {
      let m = try #require(BigInteger(decimal: cells))
      let found = LargeCount.boundaryRows(of: length, from: m)
      let power = m.raised(to: UInt(length)) - (m - BigInteger(2)).raised(to: UInt(length))
      let exact = power.log10
      #expect(found.exact == nil && found.log10.lower <= exact.upper && exact.lower <= found.log10.upper)
      #expect(found.log10.upper - found.log10.lower < 1e-8, "\(length)")
      let many = LargeCount.multisets(of: 9, from: found).log10
      let product = Interval(9) * exact - LargeCount.orders(of: 9).log10
      #expect(many.lower <= product.upper && product.lower <= many.upper && many.upper - many.lower < 1e-7)
    }
    // One kind stays one, however long the row.
    #expect(LargeCount(BigInteger(1)).raised(to: 1 << 20) == .one)
  }

  @Test("A class of a thousand wide layers is covered at once", .timeLimit(.minutes(2)))
  func thousandLayers() throws {
    let networks = unit(Array(repeating: 1000, count: 1001))
    let epsilon = try #require(Rational(decimal: "0.1"))
    let bounds = networks.coveringBounds(epsilon).map(\.log10Value)
    #expect(
      zip(bounds, bounds.dropFirst().dropLast()).allSatisfy { $0 >= $1 } && bounds.allSatisfy(\.isFinite))
  }

  @Test("Logarithms of factorials agree across the switch to Stirling's formula")
  func factorials() {
    let n = 1 << 16
    let above = LargeCount.orders(of: n + 1).log10
    let below = LargeCount.orders(of: n).log10 + Dyadic(Int64(n + 1)).log10
    #expect(above.lower <= below.upper && below.lower <= above.upper)
    #expect(above.upper - above.lower < 1e-8)
  }

  @Test(
    "Each quotient shrinks the cover; larger boxes, inputs and smaller balls enlarge it", arguments: 0..<12)
  func monotonicity(seed: Int) throws {
    let widths = [[1, 2, 1], [2, 10, 1], [1, 50, 1], [3, 5, 4, 2], [10, 64, 64, 1], [20, 1, 30, 3]][seed % 6]
    let radius = try #require(Rational(decimal: ["0.3", "2.5"][seed / 6]))
    func size(_ radius: Rational, _ input: String, _ epsilon: String, _ quotient: ParameterGrid.Quotient)
      throws -> Double
    {
      let networks = NetworkClass(
        widths: widths, radius: radius, inputRadius: try #require(Rational(decimal: input)))
      let grid = ParameterGrid(networks, epsilon: try #require(Rational(decimal: epsilon)))
      return grid.size(modulo: quotient).log10.upper
    }
    let order = try ParameterGrid.Quotient.allCases.map { try size(radius, "1", "0.01", $0) }
    #expect(zip(order, order.dropFirst()).allSatisfy { $0 >= $1 }, "\(widths): \(order)")
    for quotient in ParameterGrid.Quotient.allCases {
      let base = try size(radius, "1", "0.01", quotient)
      #expect(try size(radius + radius, "1", "0.01", quotient) >= base)
      #expect(try size(radius, "2", "0.01", quotient) >= base)
      #expect(try size(radius, "1", "0.02", quotient) <= base)
    }
  }

  @Test("With rescaling the logarithm grows with S − U, without it with S")
  func slopes() throws {
    let networks = unit([3, 6, 4, 2])
    func growth(_ quotient: ParameterGrid.Quotient) throws -> Double {
      let sizes = try ["1e-60", "1e-61"].map {
        ParameterGrid(networks, epsilon: try #require(Rational(decimal: $0))).size(modulo: quotient).log10
          .upper
      }
      return sizes[1] - sizes[0]
    }
    #expect(abs(try growth(.sortedRows) - Double(networks.parameterCount)) < 1e-6)
    let reduced = Double(networks.parameterCount - networks.hiddenNeuronCount)
    #expect(abs(try growth(.sortedFullRows) - reduced) < 1e-6)
  }

  @Test("A bound tells its constants, and the last of the table is the smallest here")
  func bounds() throws {
    let epsilon = try #require(Rational(decimal: "0.01"))
    let bounds = unit([784, 512, 512, 10]).coveringBounds(epsilon)
    #expect(bounds.count == 5 && bounds.allSatisfy { $0.standing == .proved })
    #expect(zip(bounds, bounds.dropFirst()).allSatisfy { $0.log10Value >= $1.log10Value })
    #expect(bounds[0].constants.map(\.symbol) == ["B", "R", "ρ", "K", "S", "m"])
    #expect(ParameterGrid(unit([1, 50, 1]), epsilon: .one).divisionWarnings.map(\.layer) == [1])
    #expect(ParameterGrid(unit([1, 2, 1]), epsilon: epsilon).divisionWarnings.isEmpty)
  }
}
