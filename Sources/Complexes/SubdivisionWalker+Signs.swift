import ExactArithmetic
import LinearAlgebra
import Networks
import Polyhedra

@inline(__always)
func load(_ place: UnsafePointer<Double>) -> SIMD4<Double> {
  UnsafeRawPointer(place).loadUnaligned(as: SIMD4<Double>.self)
}

@inline(__always)
func load(_ place: UnsafeMutablePointer<Double>) -> SIMD4<Double> {
  UnsafeRawPointer(place).loadUnaligned(as: SIMD4<Double>.self)
}

@inline(__always)
func store(_ value: SIMD4<Double>, _ place: UnsafeMutablePointer<Double>) {
  UnsafeMutableRawPointer(place).storeBytes(of: value, as: SIMD4<Double>.self)
}

extension SIMD4<Double> {
  /// The absolute values.
  @inline(__always)
  var magnitude: SIMD4<Double> {
    SIMD4(bitPattern: unsafeBitCast(self, to: SIMD4<UInt64>.self) & 0x7FFF_FFFF_FFFF_FFFF)
  }

  @inline(__always)
  private init(bitPattern: SIMD4<UInt64>) { self = unsafeBitCast(bitPattern, to: SIMD4<Double>.self) }
}

/// One form of a completed block: lanes as in ``CompiledNetwork``, and |a|₁ in lane d + 3.
struct Form {
  /// Lane 0 of the form.
  let base: UnsafeMutablePointer<Double>
  /// The distance of lanes.
  let padded: Int
  /// The number of the constraint.
  let constraint: Int

  @inline(__always)
  init(_ block: UnsafeMutablePointer<Double>, _ index: Int, padded: Int, constraint: Int) {
    base = block + index
    self.padded = padded
    self.constraint = constraint
  }

  @inline(__always)
  subscript(lane: Int) -> Double { base[lane * padded] }
}

extension SubdivisionWalker {
  /// The signs of a form on a cell.
  enum Classification {
    /// Positive somewhere, negative nowhere.
    case positive
    /// Negative somewhere, positive nowhere.
    case negative
    /// Of both signs: the form cuts the cell.
    case mixed
    /// Zero everywhere.
    case vanishing
  }

  /// The values of a form at four vertices, and bounds of their errors.
  @inline(__always)
  func evaluate(_ form: Form, _ cell: Cell, at v: Int) -> (SIMD4<Double>, SIMD4<Double>) {
    let d = dimension
    let lanes = cell.lanes + v
    let stride = cell.stride
    let t = load(lanes + d * stride)
    var value = t * form[d]
    for c in 0..<d { value += load(lanes + c * stride) * form[c] }
    let bound =
      load(lanes + (d + 1) * stride) * form[d + 3] + load(lanes + (d + 2) * stride) * form[d + 1]
      + t * form[d + 2]
    return (value, bound * (1 + 0x1p-40))
  }

  /// The signs of a form on a cell; vertices where it is zero are marked as lying on it, unless it cuts the cell.
  mutating func classify(_ cell: inout Cell, _ form: Form) -> Classification {
    var hasPositive = false
    var hasNegative = false
    var isOpen = false
    for v in Swift.stride(from: 0, to: cell.stride, by: 4) {
      let (value, bound) = evaluate(form, cell, at: v)
      let isPositive = value .> bound
      let isNegative = value .< -bound
      hasPositive = hasPositive || any(isPositive)
      hasNegative = hasNegative || any(isNegative)
      if hasPositive, hasNegative { return .mixed }
      isOpen = isOpen || !all(isPositive .| isNegative)
    }
    if !isOpen { return hasPositive ? .positive : .negative }
    return classifyByVertices(&cell, form)
  }

  /// The slow road of ``classify(_:_:)``, taken when the filter leaves a sign open.
  private mutating func classifyByVertices(_ cell: inout Cell, _ form: Form) -> Classification {
    scratch.reserve(cell.stride)
    var hasPositive = false
    var hasNegative = false
    var hasZero = false
    for v in 0..<cell.count {
      let sign = self.sign(of: form, at: v, of: cell)
      scratch.signs[v] = Int8(sign)
      hasPositive = hasPositive || sign > 0
      hasNegative = hasNegative || sign < 0
      hasZero = hasZero || sign == 0
      if hasPositive, hasNegative { return .mixed }
    }
    if !hasPositive, !hasNegative { return .vanishing }
    if hasZero {
      let slot = self.slot(for: form.constraint, in: &cell)
      for v in 0..<cell.count where scratch.signs[v] == 0 {
        cell.masks[v * cell.words + slot >> 6] |= UInt64(1) << UInt64(slot & 63)
      }
      cell.isSimple = false
    }
    return hasPositive ? .positive : .negative
  }

  /// The exact sign of a form at a vertex: by the filter, by the filter at the vertex solved for anew in floating
  /// point, at the vertex recomputed exactly, or exactly.
  mutating func sign(of form: Form, at v: Int, of cell: Cell) -> Int {
    if let sign = filteredSign(of: form, at: v, of: cell) { return sign }
    if cell.exact[v] == Cell.interpolated {
      cell.exact[v] = Cell.refined
      let mask = cell.masks + v * cell.words
      if refine(cell.lanes + v, stride: cell.stride, mask: mask, cell: cell, blocks),
        let sign = filteredSign(of: form, at: v, of: cell)
      {
        return sign
      }
    }
    if cell.exact[v] < 0 {
      recompute(v, of: cell)
      if let sign = filteredSign(of: form, at: v, of: cell) { return sign }
    }
    exactSigns += 1
    let vertex = exactVertices[Int(cell.exact[v])]
    let coefficients = exactForms.form(form.constraint, pattern: pattern)
    return zip(coefficients, vertex).reduce(Dyadic.zero) { $0 + $1.0 * $1.1 }.sign
  }

  private func filteredSign(of form: Form, at v: Int, of cell: Cell) -> Int? {
    let (value, bound) = self.value(of: form, at: v, of: cell)
    // A bound of zero is a proof that nothing was rounded: every term is zero.
    return value > bound ? 1 : value < -bound ? -1 : bound == 0 ? 0 : nil
  }

  /// The value of a form at a vertex and a bound of its error.
  @inline(__always)
  func value(of form: Form, at v: Int, of cell: Cell) -> (Double, Double) {
    let d = dimension
    let lanes = cell.lanes + v
    let stride = cell.stride
    let t = lanes[d * stride]
    var value = t * form[d]
    for c in 0..<d { value += lanes[c * stride] * form[c] }
    let bound =
      lanes[(d + 1) * stride] * form[d + 3] + lanes[(d + 2) * stride] * form[d + 1] + t * form[d + 2]
    return (value, bound * (1 + 0x1p-40))
  }

  /// Recomputes a vertex from the exact forms of the constraints tight at it.
  mutating func recompute(_ v: Int, of cell: Cell) {
    let mask = cell.masks + v * cell.words
    let homogeneous = exactVertex(mask, of: cell)
    cell.exact[v] = Int32(exactVertices.count)
    exactVertices.append(homogeneous)
    write(homogeneous, to: cell.lanes + v, stride: cell.stride)
  }

  /// The exact homogeneous coordinates of the vertex of a cell where the constraints of a mask are tight.
  mutating func exactVertex(_ mask: UnsafePointer<UInt64>, of cell: Cell) -> [Dyadic] {
    exactVertexComputations += 1
    var elimination = ExactElimination(columns: dimension + 1)
    for word in 0..<cell.words {
      var bits = mask[word]
      while bits != 0, elimination.rank < dimension {
        let slot = word * 64 + bits.trailingZeroBitCount
        bits &= bits - 1
        elimination.insert(exactForms.form(Int(cell.slots[slot]), pattern: pattern))
      }
    }
    guard let vector = elimination.nullVector else {
      preconditionFailure("a vertex needs \(dimension) independent tight constraints")
    }
    let t = vector[dimension]
    let isForward = t.isZero ? pointsInto(cell, direction: vector, tight: mask) : t.sign > 0
    return isForward ? vector : vector.map { -$0 }
  }

  /// Whether a vector along an extreme direction of an unbounded cell points into it, not out of it.
  ///
  /// Some constraint of the cell is not tight along the direction; the cell lies on its known side.
  private mutating func pointsInto(
    _ cell: Cell, direction: [Dyadic], tight mask: UnsafePointer<UInt64>
  ) -> Bool {
    for word in 0..<cell.words {
      var bits = cell.usedSlots(word: word) & ~mask[word]
      while bits != 0 {
        let constraint = Int(cell.slots[word * 64 + bits.trailingZeroBitCount])
        bits &= bits - 1
        let form = exactForms.form(constraint, pattern: pattern)
        let sign = zip(form, direction).reduce(Dyadic.zero) { $0 + $1.0 * $1.1 }.sign
        if sign == 0 { continue }
        let isUpper =
          constraint >= compiled.neuronCount
          || pattern[constraint >> 6] >> UInt64(constraint & 63) & 1 == 1
        return (sign > 0) == isUpper
      }
    }
    preconditionFailure("a cell that contains a line has no extreme directions")
  }

  /// Writes rounded coordinates of an exact vertex into the lanes from `place` on.
  func write(_ vertex: [Dyadic], to place: UnsafeMutablePointer<Double>, stride: Int) {
    let d = dimension
    let t = vertex[d]
    let top: Int
    if let exponent = t.magnitudeExponent {
      top = exponent
    } else {
      // The largest entry of a recession direction comes to lie in [½, 1).
      top = (vertex.compactMap(\.magnitudeExponent).max() ?? 0) + 1
    }
    let divisor = t.isZero ? 1 : t.scaled(byPowerOfTwo: -top).nearestDouble
    let divisorIsExact = t.isZero || t.isPowerOfTwo
    var size = 0.0
    var error = 0.0
    for c in 0..<d {
      let scaled = vertex[c].scaled(byPowerOfTwo: -top)
      let value = scaled.nearestDouble / divisor
      place[c * stride] = value
      size = max(size, value.magnitude)
      if !(divisorIsExact && scaled.double != nil) {
        error = max(error, value.magnitude * 0x1p-50 + 0x1p-1020)
      }
    }
    place[d * stride] = t.isZero ? 0 : 1
    place[(d + 1) * stride] = error
    place[(d + 2) * stride] = CompiledNetwork.bounded(size + error)
  }

  /// The slot of a constraint in a cell: a free one, made where there is none.
  mutating func slot(for constraint: Int, in cell: inout Cell) -> Int {
    for word in 0..<cell.words {
      let used = cell.usedSlots(word: word)
      if ~used != 0 {
        let slot = word * 64 + (~used).trailingZeroBitCount
        cell.slots[slot] = Int32(constraint)
        return slot
      }
    }
    let words = cell.words
    let masks = arena.allocate(UInt64.self, cell.count * (words + 1))
    for v in 0..<cell.count {
      for word in 0..<words { masks[v * (words + 1) + word] = cell.masks[v * words + word] }
      masks[v * (words + 1) + words] = 0
    }
    let slots = arena.allocate(Int32.self, 64 * (words + 1))
    slots.update(from: cell.slots, count: 64 * words)
    cell.masks = masks
    cell.slots = slots
    cell.words = words + 1
    cell.slots[64 * words] = Int32(constraint)
    return 64 * words
  }
}
