import ExactArithmetic
import LinearAlgebra
import Networks

/// Moves that hide a network without changing its function, applied in a seeded way.
///
/// - Exactness: permutations, power-of-two scales, twins, dead neurons and identity layers keep the function exactly;
///   other scales keep it up to the rounding of each entry.
public struct Disguise: Hashable, Sendable {
  /// Permute the neurons of each hidden layer.
  public var permutes: Bool
  /// Rescale each hidden neuron by 10^u, u uniform in −logRange … logRange; nil for none.
  public var logRange: Double?
  /// Round the scales to powers of two, which keeps every entry exact.
  public var powersOfTwo: Bool
  /// How many neurons of each hidden layer to split in two.
  public var twins: Int
  /// How many neurons that change nothing to add to each hidden layer.
  public var dead: Int
  /// Whether to insert a layer of identities after the first hidden layer.
  public var identityLayer: Bool

  /// The disguise made of the given moves; by default none.
  public init(
    permutes: Bool = false, logRange: Double? = nil, powersOfTwo: Bool = false, twins: Int = 0, dead: Int = 0,
    identityLayer: Bool = false
  ) {
    self.permutes = permutes
    self.logRange = logRange
    self.powersOfTwo = powersOfTwo
    self.twins = twins
    self.dead = dead
    self.identityLayer = identityLayer
  }
}

extension Network {
  /// The network under a disguise.
  ///
  /// - Requires: the network is sequential and all its entries are doubles.
  /// - Returns: a network of the same function: exactly, unless scales other than powers of two were asked for.
  public func disguised(by disguise: Disguise, using rng: inout some RandomNumberGenerator) -> Network {
    precondition(isSequential, "only sequential networks can be disguised")
    var layers = zip(self.layers, widths).map { DisguisedLayer($0, columns: $1) }
    if disguise.identityLayer, layers.count > 1 { layers.insert(.identity(width: layers[0].width), at: 1) }
    for l in 0..<(layers.count - 1) {
      var (layer, reader) = (layers[l], layers[l + 1])
      layer.addDead(disguise.dead, reader: &reader, &rng)
      layer.split(disguise.twins, reader: &reader, storage, &rng)
      if disguise.permutes { layer.permute(Array(0..<layer.width).shuffled(using: &rng), reader: &reader) }
      if let range = disguise.logRange {
        let scales = (0..<layer.width).map { _ in
          Disguise.scale(range, powerOfTwo: disguise.powersOfTwo, &rng)
        }
        layer.rescale(scales, reader: &reader, storage)
      }
      (layers[l], layers[l + 1]) = (layer, reader)
    }
    let built = layers.enumerated().map { position, layer in
      Layer(
        weights: Matrix(rows: layer.width, columns: layer.columns, elements: layer.weights.flatMap(\.self)),
        bias: layer.bias, reading: position)
    }
    return Network(inputCount: inputCount, layers: built, storage: storage, lowering: .exact, domain: domain)
  }
}

extension Disguise {
  fileprivate static func scale(
    _ range: Double, powerOfTwo: Bool, _ rng: inout some RandomNumberGenerator
  ) -> Double {
    // log2(10) = 3.3219…; drawn as a binary exponent, so that no library's exp decides the result.
    let exponent = Double.random(in: -range...range, using: &rng) * 3.321928094887362
    let whole = exponent.rounded()
    let power = Double(sign: .plus, exponent: Int(whole), significand: 1)
    return powerOfTwo ? power : power * (1 + (exponent - whole) * 0.5)
  }
}

/// A layer taken apart into rows.
private struct DisguisedLayer {
  var weights: [[Double]]
  var bias: [Double]
  private let initialColumns: Int

  var width: Int { weights.count }
  var columns: Int { weights.first?.count ?? initialColumns }

  init(_ layer: Network.Layer, columns: Int) {
    bias = layer.bias.nearest.elements
    weights = Array(repeating: Array(repeating: 0, count: columns), count: layer.width)
    initialColumns = columns
    for block in layer.blocks {
      for i in 0..<layer.width { weights[i] = Array(block.weights.nearest.row(i)) }
    }
  }

  private init(weights: [[Double]], bias: [Double]) {
    self.weights = weights
    self.bias = bias
    initialColumns = 0
  }

  static func identity(width: Int) -> DisguisedLayer {
    DisguisedLayer(
      weights: (0..<width).map { i in (0..<width).map { $0 == i ? 1 : 0 } },
      bias: Array(repeating: 0, count: width))
  }

  /// Adds neurons nobody reads, neurons that never fire, and pairs that cancel, in turn.
  mutating func addDead(
    _ count: Int, reader: inout DisguisedLayer, _ rng: inout some RandomNumberGenerator
  ) {
    for k in 0..<count {
      let source = weights.isEmpty ? [] : weights[Int.random(in: 0..<weights.count, using: &rng)]
      // Halved and reversed: exact, and not a multiple of an existing row.
      let row = source.reversed().map { $0 * 0.5 }
      switch k % 3 {
      case 0:
        append(row, 0.5)
        for i in reader.weights.indices { reader.weights[i].append(0) }
      case 1:
        append(Array(repeating: 0, count: row.count), -1)
        for i in reader.weights.indices { reader.weights[i].append(reader.weights[i].first ?? 0) }
      default:
        append(row, 0.25)
        append(row, 0.25)
        for i in reader.weights.indices {
          let weight = reader.weights[i].last ?? 0
          reader.weights[i] += [weight, -weight]
        }
      }
    }
  }

  /// Splits neurons in two that share the outgoing weight: a half each, the second with its row scaled by 4.
  mutating func split(
    _ count: Int, reader: inout DisguisedLayer, _ storage: StoragePrecision,
    _ rng: inout some RandomNumberGenerator
  ) {
    for _ in 0..<min(count, width) {
      let j = Int.random(in: 0..<width, using: &rng)
      let outgoing = reader.weights.map { $0[j] }
      guard storage.holds(weights[j] + [bias[j]], times: 4), storage.holds(outgoing, times: 0.125) else {
        continue
      }
      append(weights[j].map { $0 * 4 }, bias[j] * 4)
      for i in reader.weights.indices {
        reader.weights[i][j] *= 0.5
        reader.weights[i].append(reader.weights[i][j] * 0.25)
      }
    }
  }

  mutating func permute(_ order: [Int], reader: inout DisguisedLayer) {
    weights = order.map { weights[$0] }
    bias = order.map { bias[$0] }
    for i in reader.weights.indices { reader.weights[i] = order.map { reader.weights[i][$0] } }
  }

  /// Multiplies rows by the scales and what reads them by the inverses, rounding to the storage format; a neuron for
  /// which a power of two would round, or any scale leave the format's range, keeps its scale.
  mutating func rescale(_ scales: [Double], reader: inout DisguisedLayer, _ storage: StoragePrecision) {
    for (j, scale) in scales.enumerated() {
      let row = weights[j] + [bias[j]]
      let outgoing = reader.weights.map { $0[j] }
      guard storage.holds(row, times: scale), storage.holds(outgoing, times: 1 / scale) else { continue }
      weights[j] = weights[j].map { storage.rounded($0 * scale) }
      bias[j] = storage.rounded(bias[j] * scale)
      for i in reader.weights.indices { reader.weights[i][j] = storage.rounded(reader.weights[i][j] / scale) }
    }
  }

  private mutating func append(_ row: [Double], _ value: Double) {
    weights.append(row)
    bias.append(value)
  }
}

extension StoragePrecision {
  /// Whether the products are numbers of this format: exactly for a power of two, else within its range.
  fileprivate func holds(_ values: [Double], times scale: Double) -> Bool {
    let isPowerOfTwo = scale.significand == 1
    return values.allSatisfy { value in
      let product = rounded(value * scale)
      return isPowerOfTwo
        ? product.isFinite && product / scale == value : product.isFinite && (product != 0 || value == 0)
    }
  }

  /// The nearest number of this format; formats below 32 bits are kept as float32.
  fileprivate func rounded(_ value: Double) -> Double {
    significantBits > 24 ? value : Double(Float(value))
  }
}
