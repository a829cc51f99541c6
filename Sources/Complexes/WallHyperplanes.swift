import ExactArithmetic
import Networks

/// The hyperplanes in which the walls of a complex lie.
///
/// Definition: the canonical form of a hyperplane has 1 as the first nonzero coefficient of its normal. Across every wall
/// some neuron changes its state whose form is the same on both sides: the first of those that switch.
///
/// - Exactness: exact: walls lie in one hyperplane when their canonical forms are equal as rational numbers. The unit
///   normals are rounded.
public struct WallHyperplanes: Sendable {
  /// For each hyperplane its canonical form: the normal, then the constant.
  public let forms: [[Rational]]
  /// For each hyperplane a unit vector in the direction of the normal of its canonical form; rounded.
  public let unitNormals: [[Double]]
  private let numbers: [Int32]
  private let orientations: [Bool]

  /// The number of hyperplanes.
  public var count: Int { forms.count }

  /// The hyperplane of a wall, by number; nil for boundary facets.
  public subscript(wall: Int) -> Int? { numbers[wall] < 0 ? nil : Int(numbers[wall]) }

  /// Whether the canonical form is positive on the first region of a wall.
  public func isPositiveOnFirstRegion(of wall: Int) -> Bool { orientations[wall] }

  /// Whether two walls lie in the same hyperplane; false if one is a boundary facet.
  public func agree(_ first: Int, _ second: Int) -> Bool {
    numbers[first] >= 0 && numbers[first] == numbers[second]
  }

  /// The hyperplanes of the walls of a complex.
  ///
  /// - Complexity: O(walls) exact forms of neurons.
  public init(_ complex: PolyhedralComplex, threads: Int = Concurrency.coreCount) {
    let found = Concurrency.map(count: complex.wallCount, threads: threads, minimumRange: 256) { walls in
      var reader = WallFormReader(complex)
      return walls.map { reader.form(of: $0) }
    }
    var known: [WallForm: Int32] = [:]
    var forms: [[Rational]] = []
    var numberOfForm: [[Rational]: Int32] = [:]
    var unitNormals: [[Double]] = []
    var numbers: [Int32] = []
    var orientations: [Bool] = []
    numbers.reserveCapacity(found.count)
    orientations.reserveCapacity(found.count)
    for wallForm in found {
      guard let wallForm else {
        numbers.append(-1)
        orientations.append(true)
        continue
      }
      orientations.append(wallForm.isPositive == wallForm.hasPositivePivot)
      let key = WallForm(coefficients: wallForm.coefficients, isPositive: true)
      if let number = known[key] {
        numbers.append(number)
        continue
      }
      let canonical = wallForm.canonical
      let number = numberOfForm[canonical] ?? Int32(forms.count)
      if Int(number) == forms.count {
        numberOfForm[canonical] = number
        forms.append(canonical)
        unitNormals.append(wallForm.unitNormal)
      }
      known[key] = number
      numbers.append(number)
    }
    self.forms = forms
    self.unitNormals = unitNormals
    self.numbers = numbers
    self.orientations = orientations
  }
}

/// The form of a neuron that is zero on a wall, and its sign on the first region.
struct WallForm: Hashable, Sendable {
  /// The d + 1 coefficients.
  let coefficients: [Dyadic]
  /// Whether the form is positive on the first region of the wall.
  let isPositive: Bool

  private var pivot: Dyadic {
    guard let pivot = coefficients.dropLast().first(where: { !$0.isZero }) else {
      preconditionFailure("the form of a neuron that switches has a normal")
    }
    return pivot
  }

  /// Whether the first nonzero coefficient of the normal is positive.
  var hasPositivePivot: Bool { pivot.sign > 0 }

  /// The coefficients divided by the first nonzero one of the normal.
  var canonical: [Rational] {
    let pivot = pivot
    return coefficients.map { Rational($0, over: pivot) }
  }

  /// The direction of the normal, with the sign of the canonical form.
  var unitNormal: [Double] {
    let normal = coefficients.dropLast()
    // Scaled to a largest entry near one, so that squares stay in range.
    let scale = normal.compactMap(\.magnitudeExponent).max() ?? 0
    let rounded = normal.map { $0.scaled(byPowerOfTwo: -scale).nearestDouble }
    let length = rounded.reduce(0) { $0 + $1 * $1 }.squareRoot() * (hasPositivePivot ? 1 : -1)
    return rounded.map { $0 / length }
  }
}

/// Computes the forms of walls, one after the other; walls of one region share the forms of its neurons.
struct WallFormReader {
  private let complex: PolyhedralComplex
  private var forms: ExactForms
  private var region = -1

  init(_ complex: PolyhedralComplex) {
    self.complex = complex
    forms = ExactForms(complex.network, sides: [])
  }

  /// The form of the first neuron that switches across a wall; nil for boundary facets.
  mutating func form(of wall: Int) -> WallForm? {
    guard case (let first, let second?) = complex.regions(of: wall),
      let neuron = complex.firstSwitch(first, second)
    else { return nil }
    if region != first {
      forms.forgetAll()
      region = first
    }
    let coefficients = complex.pattern(of: first).withUnsafeBufferPointer { pattern in
      pattern.baseAddress.map { forms.form(neuron, pattern: $0) } ?? []
    }
    let words = complex.pattern(of: first)
    let isActive = words[words.startIndex + neuron >> 6] >> UInt64(neuron & 63) & 1 == 1
    return WallForm(coefficients: coefficients, isPositive: isActive)
  }
}

extension PolyhedralComplex {
  /// The number of the first neuron that is active on exactly one of two regions.
  ///
  /// Neurons of earlier layers have the same state on both, so its form is the same on both.
  func firstSwitch(_ first: Int, _ second: Int) -> Int? {
    for (word, (a, b)) in zip(pattern(of: first), pattern(of: second)).enumerated() where a != b {
      return word * 64 + (a ^ b).trailingZeroBitCount
    }
    return nil
  }
}
