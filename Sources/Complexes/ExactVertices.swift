import ExactArithmetic
import LinearAlgebra
import Networks

/// Computes exact vertices of a complex, one after the other.
///
/// A vertex is known by its key alone. With the neurons that are positive there taken as active, and no others, the forms of the
/// neurons that are zero there span the same space as on any region beside it: the forms of later neurons change across
/// walls of earlier ones by multiples of the forms of those.
struct ExactVertexReader {
  private let complex: PolyhedralComplex
  private var forms: ExactForms

  init(_ complex: PolyhedralComplex) {
    self.complex = complex
    forms = ExactForms(complex.network, sides: complex.domain.sides)
  }

  /// The homogeneous coordinates (x, t) of a vertex, of any length, t > 0; of a recession direction, t = 0.
  mutating func homogeneous(_ vertex: Int) -> [Dyadic] {
    forms.forgetAll()
    let key = complex.key
    let rows = complex.buffer.vertices.withKey(vertex) { words in
      let zero = bitNumbers(UnsafeBufferPointer(start: words, count: key.neuronWords))
      let sides = bitNumbers(UnsafeBufferPointer(start: words + key.sideStart, count: key.sideWords))
      return (zero + sides.map { $0 + key.neuronCount }).map {
        forms.form($0, pattern: words + key.neuronWords)
      }
    }
    guard let vector = ExactElimination.nullVector(of: rows), let t = vector.last else {
      preconditionFailure("the constraints of a vertex meet in one point")
    }
    if !t.isZero { return t.sign > 0 ? vector : vector.map { -$0 } }
    // Which of the two directions: that of the rounded coordinates, by their largest entry.
    let rounded = Array(complex.coordinates(of: vertex))
    let largest = rounded.indices.max { rounded[$0].magnitude < rounded[$1].magnitude } ?? 0
    return (vector[largest].sign > 0) == (rounded[largest] > 0) ? vector : vector.map { -$0 }
  }
}

extension PolyhedralComplex {
  /// The exact coordinates of a vertex; of a recession direction, a vector in that direction.
  public func exactVertex(_ vertex: Int) -> [Rational] {
    let point = exactHomogeneousVertex(vertex)
    let t = point[dimension]
    return point.dropLast().map { t.isZero ? Rational($0) : Rational($0, over: t) }
  }

  /// The homogeneous coordinates (x, t) of a vertex, of any length, t > 0; of a recession direction, t = 0.
  public func exactHomogeneousVertex(_ vertex: Int) -> [Dyadic] {
    var reader = ExactVertexReader(self)
    return reader.homogeneous(vertex)
  }
}
