import ExactArithmetic
import LinearAlgebra

extension PolyhedralComplex {
  /// The volume of a region; infinite if it is not bounded; rounded.
  ///
  /// - Complexity: the number of simplices of a triangulation, which grows fast with the dimension.
  public func volume(of region: Int) -> Double {
    guard isBounded(region) else { return .infinity }
    let shape = RegionShape(of: region, in: self)
    return measure(RegionTriangulation(shape, dimension: dimension).simplices, dimension: dimension)
  }

  /// The (d−1)-dimensional volume of a wall, its length in dimension two; infinite if it is not bounded; rounded.
  public func volume(ofWall wall: Int) -> Double {
    let region = regions(of: wall).0
    if vertices(ofWall: wall).contains(where: { isDirection(Int($0)) }) { return .infinity }
    let shape = RegionShape(of: region, in: self)
    guard let facet = shape.walls.firstIndex(of: Int32(wall)) else { return 0 }
    let triangulation = RegionTriangulation(shape, dimension: dimension)
    return measure(triangulation.simplices(ofFacet: facet), dimension: dimension - 1)
  }

  /// The exact volume of a region; nil if it is not bounded.
  ///
  /// - Exactness: exact, from exact vertices; the exact volumes of the regions of a box sum to that of the box.
  public func exactVolume(of region: Int) -> Rational? {
    guard isBounded(region) else { return nil }
    var reader = ExactVertexReader(self)
    var points: [Int32: [Dyadic]] = [:]
    for vertex in vertices(of: region) { points[vertex] = reader.homogeneous(Int(vertex)) }
    let triangulation = RegionTriangulation(RegionShape(of: region, in: self), dimension: dimension)
    var total = Rational.zero
    for simplex in triangulation.simplices {
      let rows = simplex.compactMap { points[$0] }
      let denominator = rows.reduce(Dyadic.one) { $0 * $1[dimension] }
      total = total + Rational(ExactElimination.determinant(of: rows).magnitude, over: denominator)
    }
    var factorial = Dyadic.one
    for k in stride(from: 2, through: dimension, by: 1) { factorial = factorial * Dyadic(Int64(k)) }
    return total.dividedExactly(by: Rational(factorial))
  }

  /// The sum of the volumes of simplices of a dimension, by their vertices.
  private func measure(_ simplices: [[Int32]], dimension: Int) -> Double {
    var factorial = 1.0
    for k in stride(from: 2, through: dimension, by: 1) { factorial *= Double(k) }
    return simplices.reduce(0) { $0 + parallelotope($1) } / factorial
  }

  /// The volume spanned by the edges from the first of some vertices to the others.
  private func parallelotope(_ vertices: [Int32]) -> Double {
    guard let first = vertices.first else { return 0 }
    let origin = Array(coordinates(of: Int(first)))
    var basis: [[Double]] = []
    var volume = 1.0
    for vertex in vertices.dropFirst() {
      var edge = zip(coordinates(of: Int(vertex)), origin).map { $0 - $1 }
      // Twice is enough to be orthogonal to working precision.
      for _ in 0..<2 {
        for direction in basis {
          let product = zip(edge, direction).reduce(0) { $0 + $1.0 * $1.1 }
          for c in edge.indices { edge[c] -= product * direction[c] }
        }
      }
      let length = edge.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0 else { return 0 }
      volume *= length
      basis.append(edge.map { $0 / length })
    }
    return volume
  }
}
