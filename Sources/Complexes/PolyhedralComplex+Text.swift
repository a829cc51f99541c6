import ExactArithmetic
import LinearAlgebra
import Networks

extension PolyhedralComplex {
  /// The activation pattern of a region as text: for each hidden layer a 1 for each active neuron, a 0 for the others.
  public func patternText(of region: Int) -> [String] {
    let words = pattern(of: region)
    var number = 0
    return network.hiddenLayers.map { layer in
      var text = ""
      text.reserveCapacity(layer.width)
      for _ in 0..<layer.width {
        text.append(words[words.startIndex + number >> 6] >> UInt64(number & 63) & 1 == 1 ? "1" : "0")
        number += 1
      }
      return text
    }
  }

  /// For each hidden layer how many neurons are active on a region.
  public func activeCounts(of region: Int) -> [Int] {
    patternText(of: region).map { layer in layer.utf8.count { $0 == UInt8(ascii: "1") } }
  }

  /// The exact coordinates of vertices; of a recession direction, with a largest entry of 1 or −1.
  ///
  /// - Exactness: exact: the solutions of the equations of what is zero at the vertices.
  /// - Complexity: O(d³) exact operations for each vertex, besides the forms of a region.
  public func exactCoordinates() -> [[Rational]] {
    var result: [[Rational]] = Array(repeating: [], count: vertexCount)
    var forms = ExactForms(network, sides: domain.sides)
    for region in 0..<regionCount where vertices(of: region).contains(where: { result[Int($0)].isEmpty }) {
      forms.forgetAll()
      pattern(of: region).withUnsafeBufferPointer { words in
        guard let pattern = words.baseAddress else { return }
        for vertex in vertices(of: region) where result[Int(vertex)].isEmpty {
          result[Int(vertex)] = exactCoordinates(of: Int(vertex)) {
            forms.form($0, pattern: pattern)
          }
        }
      }
    }
    return result
  }

  /// The exact coordinates of a vertex from the forms of a region it belongs to.
  private func exactCoordinates(of vertex: Int, form: (_ constraint: Int) -> [Dyadic]) -> [Rational] {
    var elimination = ExactElimination(columns: dimension + 1)
    let neurons = bitNumbers(
      buffer.vertices.words[vertex * key.width..<vertex * key.width + key.neuronWords])
    for constraint in neurons + sides(ofVertex: vertex).map({ $0 + key.neuronCount })
    where elimination.rank < dimension {
      elimination.insert(form(constraint))
    }
    guard let vector = elimination.nullVector else {
      preconditionFailure("a vertex needs \(dimension) independent constraints")
    }
    let t = vector[dimension]
    if !t.isZero { return vector.dropLast().map { Rational($0, over: t) } }
    var largest = 0
    for c in 1..<dimension where vector[c].magnitude > vector[largest].magnitude { largest = c }
    // The rounded entry is far from zero, so its sign is that of the direction.
    let isNegative = coordinates(of: vertex)[coordinates(of: vertex).startIndex + largest] < 0
    let scale = isNegative ? -vector[largest] : vector[largest]
    return vector.dropLast().map { Rational($0, over: scale) }
  }

  /// The outputs at the vertices, rounded; those at recession directions mean nothing.
  func outputsAtVertices() -> Matrix<Double> {
    var points: [Double] = []
    points.reserveCapacity(vertexCount * dimension)
    for vertex in 0..<vertexCount { points += coordinates(of: vertex) }
    return network.outputs(at: Matrix(rows: vertexCount, columns: dimension, elements: points))
  }
}
