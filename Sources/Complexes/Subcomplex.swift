import Networks

/// Which signs of a neuron, before its ReLU, a set allows.
public enum SignCondition: Hashable, Sendable {
  /// The neuron is zero.
  case zero
  /// The neuron is at most zero.
  case nonpositive
  /// The neuron is at least zero.
  case nonnegative
  /// The neuron is below zero.
  case negative
  /// The neuron is above zero.
  case positive

  /// The closed condition with the same interior sign.
  var closed: SignCondition {
    switch self {
    case .negative: .nonpositive
    case .positive: .nonnegative
    default: self
    }
  }

  /// Whether the condition allows a sign.
  func allows(_ sign: Int) -> Bool {
    switch self {
    case .zero: sign == 0
    case .nonpositive: sign <= 0
    case .nonnegative: sign >= 0
    case .negative: sign < 0
    case .positive: sign > 0
    }
  }
}

/// A closed set that is a union of faces of a complex.
///
/// Definition: neurons keep their sign in the relative interior of a face, so the inputs at which given neurons meet
/// given closed conditions form such a set. A face is in it if all its vertices and recession directions meet them.
///
/// - Exactness: exact: signs at vertices are known exactly.
public struct Subcomplex: Sendable {
  /// The complex.
  public let complex: PolyhedralComplex
  /// Its faces.
  public let faces: ComplexFaces
  /// For each dimension and face whether the set contains it.
  let contains: [[Bool]]

  /// The inputs at which all conditions are met.
  ///
  /// - Requires: closed conditions; `faces` are those of `complex`.
  public init(
    of complex: PolyhedralComplex, faces: ComplexFaces, where conditions: [(Neuron, SignCondition)]
  ) {
    precondition(conditions.allSatisfy { $0.1 == $0.1.closed }, "a subcomplex is closed")
    self.complex = complex
    self.faces = faces
    contains = complex.facesMeeting(conditions, of: faces)
  }

  private init(_ complex: PolyhedralComplex, _ faces: ComplexFaces, contains: [[Bool]]) {
    self.complex = complex
    self.faces = faces
    self.contains = contains
  }

  /// Whether the set contains a face of a dimension.
  public func contains(_ face: Int, dimension k: Int) -> Bool {
    contains[k][face] && !(k == 0 && faces.isDirection[face])
  }

  /// The faces of a dimension in the set, by number.
  public func faces(ofDimension k: Int) -> [Int] {
    (0..<faces.count(ofDimension: k)).filter { contains($0, dimension: k) }
  }

  /// The number of faces of each dimension from 0 to d in the set.
  public var fVector: [Int] {
    (0...faces.dimension).map { k in contains[k].indices.count { contains($0, dimension: k) } }
  }

  /// The union of two sets of faces of the same complex.
  public func union(_ other: Subcomplex) -> Subcomplex {
    Subcomplex(complex, faces, contains: zip(contains, other.contains).map { zip($0, $1).map { $0 || $1 } })
  }
}

extension PolyhedralComplex {
  /// The sign of a neuron at a vertex, or of its linear part at a recession direction: -1, 0 or 1.
  func sign(ofNeuron number: Int, atVertex vertex: Int) -> Int {
    let place = vertex * key.width + number >> 6
    if buffer.vertices.words[place] >> UInt64(number & 63) & 1 == 1 { return 0 }
    return buffer.vertices.words[place + key.neuronWords] >> UInt64(number & 63) & 1 == 1 ? 1 : -1
  }

  /// For each dimension and face whether neurons meet conditions in its relative interior.
  func facesMeeting(_ conditions: [(Neuron, SignCondition)], of faces: ComplexFaces) -> [[Bool]] {
    let vertexFlags = conditions.map { neuron, condition in
      let number = number(of: neuron)
      let closed = condition.closed
      return (0..<vertexCount).map { vertex in
        let sign = sign(ofNeuron: number, atVertex: vertex)
        return (isAllowed: closed.allows(sign), isStrict: condition.allows(sign))
      }
    }
    return (0...faces.dimension).map { k in
      (0..<faces.count(ofDimension: k)).map { face in
        let vertices = faces.vertices(of: face, dimension: k)
        // A form that is nowhere negative on a face is positive inside unless it vanishes at all vertices.
        return vertexFlags.allSatisfy { flags in
          vertices.allSatisfy { flags[Int($0)].isAllowed } && vertices.contains { flags[Int($0)].isStrict }
        }
      }
    }
  }
}
