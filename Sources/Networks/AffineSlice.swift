import ExactArithmetic
import LinearAlgebra

/// An affine map s ↦ origin + Σ s_k direction_k from few coordinates into the inputs of a network.
///
/// - Exactness: the entries are doubles taken as exact.
public struct AffineSlice: Hashable, Sendable {
  /// The point at s = 0.
  public let origin: [Double]
  /// The directions, one for each coordinate of the slice.
  public let directions: [[Double]]

  /// The slice through a point along directions.
  ///
  /// - Requires: directions as long as the origin; all numbers finite.
  public init(origin: [Double], directions: [[Double]]) {
    precondition(directions.allSatisfy { $0.count == origin.count }, "directions of another dimension")
    self.origin = origin
    self.directions = directions
  }

  /// The slice of some coordinates, with the others held at the values of a point.
  public init(coordinates: [Int], through point: [Double]) {
    var origin = point
    for c in coordinates { origin[c] = 0 }
    self.init(
      origin: origin,
      directions: coordinates.map { c in
        var direction = Array(repeating: 0.0, count: point.count)
        direction[c] = 1
        return direction
      })
  }

  /// The number of coordinates of the slice.
  public var dimension: Int { directions.count }

  /// The input at a point of the slice, rounded.
  public func input(at s: [Double]) -> [Double] {
    precondition(s.count == dimension, "\(s.count) coordinates in a slice of \(dimension)")
    var x = origin
    for (factor, direction) in zip(s, directions) {
      for i in x.indices { x[i] += factor * direction[i] }
    }
    return x
  }
}

extension Network {
  /// The network on a slice of its inputs: the function s ↦ f(origin + Σ s_k direction_k).
  ///
  /// - Shapes: the result has as many inputs as the slice has coordinates; hidden neurons and outputs stay.
  /// - Exactness: exact: entries no double holds are kept as dyadics. A rounded ``Lowering`` is not carried over.
  /// - Complexity: O(rows that read the input · n₀ · dimension) exact multiplications.
  public func restricted(to slice: AffineSlice) -> Network {
    precondition(
      slice.origin.count == inputCount, "a slice of \(slice.origin.count) inputs, not \(inputCount)")
    let origin = slice.origin.map { Dyadic($0) }
    let directions = slice.directions.map { $0.map { Dyadic($0) } }
    let layers = layers.map { layer in
      guard let block = layer.blocks.first, block.source == 0 else { return layer }
      var weights: [Dyadic] = []
      var bias: [Dyadic] = []
      for i in 0..<layer.width {
        let row = (0..<inputCount).map { block.weights[i, $0] }
        func dot(_ vector: [Dyadic]) -> Dyadic {
          zip(row, vector).reduce(Dyadic.zero) { $1.0.isZero || $1.1.isZero ? $0 : $0 + $1.0 * $1.1 }
        }
        weights += directions.map(dot)
        bias.append(layer.bias[i, 0] + dot(origin))
      }
      return Layer(
        blocks: [
          Block(
            source: 0,
            weights: ExactMatrix(rows: layer.width, columns: slice.dimension, elements: weights))
        ] + layer.blocks.dropFirst(),
        bias: ExactMatrix(rows: layer.width, columns: 1, elements: bias))
    }
    return Network(inputCount: slice.dimension, layers: layers, storage: storage)
  }
}
