import ExactArithmetic
import LinearAlgebra
import Networks

/// The norms of one layer that comparator bounds are made of.
///
/// The layer is taken as a matrix without bias: where the network has biases, W stands for [W b] with a further row
/// (0, …, 0, 1) in hidden layers, which carries the constant 1 from input to output. A network with biases is so a
/// network without, on inputs (x, 1), and every bound of the latter holds for it.
///
/// - Exactness: proved upper bounds; ``spectral`` has a lower one too. Reading errors of a rounded ``Network/Lowering``
///   are not included.
public struct LayerNorms: Hashable, Sendable {
  /// The layer, from 1.
  public let layer: Int
  /// The number of rows and columns of the matrix.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// ‖W‖₂.
  public let spectral: SpectralNorm
  /// The spectral norm of the weights alone, whether or not W carries biases.
  public let weightSpectral: SpectralNorm
  /// ‖W‖_F.
  public let frobenius: Double
  /// ‖W‖_{2,1}: the sum over rows of their Euclidean norms.
  public let twoOne: Double
  /// ‖W‖_{1,∞}: the largest 1-norm of a row.
  public let oneInfinity: Double
  /// ‖W − W⁰‖_{2,1}.
  public let distanceTwoOne: Double
  /// ‖W − W⁰‖_{1,∞}.
  public let distanceOneInfinity: Double
  /// ‖W − W⁰‖_F.
  public let distanceFrobenius: Double
  /// The number of entries of the matrix, zeros included: p of the bounds.
  public var parameterCount: Int { rows * columns }
}

/// The norms of all layers of a network, and how far they are from the initial ones.
///
///     let norms = try NetworkNorms(of: network)
///     norms.layers.map(\.spectral.upper)
///
/// - Exactness: as ``LayerNorms`` says.
public struct NetworkNorms: Hashable, Sendable {
  /// The layers, from the first.
  public let layers: [LayerNorms]
  /// Whether any bias is not zero, so that matrices carry biases.
  public let carriesBiases: Bool
  /// Whether W⁰ is a network's; it is 0 otherwise.
  public let hasInitial: Bool
  /// The number of inputs n₀ of the network itself.
  public let inputCount: Int
  /// The number of outputs κ.
  public let outputCount: Int

  /// Why a network has no such norms.
  public enum Obstacle: Error, Hashable, Sendable, CustomStringConvertible {
    /// A layer reads another than the one before it.
    case skipBlocks(layer: Int)
    /// The initial network has another architecture.
    case initialDiffers(widths: [Int], initial: [Int])

    /// One line for people.
    public var description: String {
      switch self {
      case .skipBlocks(let layer):
        "layer \(layer) reads other layers than the one before it, and these bounds are about plain chains of layers"
      case .initialDiffers(let widths, let initial):
        "the initial weights have widths \(initial), the network \(widths)"
      }
    }
  }

  /// The norms of a network, and of its distance from the initial one; without one W⁰ = 0, biases included.
  ///
  /// - Throws: `Obstacle` for skip blocks or another architecture; `CancellationError`.
  /// - Complexity: a spectral norm for each layer, see ``SpectralNorm``.
  public init(
    of network: Network, initial: Network? = nil, gramLimit: Int = SpectralNorm.gramLimit,
    progress: Progress = Progress()
  ) throws {
    for (position, layer) in network.layers.enumerated()
    where layer.blocks.count != 1 || layer.blocks[0].source != position {
      throw Obstacle.skipBlocks(layer: position + 1)
    }
    if let initial, !network.hasArchitecture(of: initial) {
      throw Obstacle.initialDiffers(widths: network.widths, initial: initial.widths)
    }
    func hasBias(_ network: Network) -> Bool {
      network.layers.contains {
        !$0.bias.corrections.isEmpty || $0.bias.nearest.elements.contains { $0 != 0 }
      }
    }
    let carries = hasBias(network) || (initial.map(hasBias) ?? false)
    var norms: [LayerNorms] = []
    for l in network.layers.indices {
      try progress.step("bounding norms, layer", done: l, of: network.layers.count)
      let isLast = l == network.layers.count - 1
      let own = network.layers[l].matrix(carryingBias: carries, isLast: isLast)
      let start = initial?.layers[l].matrix(carryingBias: carries, isLast: isLast)
      let alone = carries ? SpectralNorm(of: network.layers[l].blocks[0].weights, gramLimit: gramLimit) : nil
      norms.append(LayerNorms(l + 1, own, start, alone, carriesUnit: carries && !isLast, gramLimit))
    }
    layers = norms
    carriesBiases = carries
    hasInitial = initial != nil
    inputCount = network.inputCount
    outputCount = network.outputCount
  }
}

extension Network.Layer {
  /// The weights, with biases as a further column where asked for, and below them, in hidden layers, the row that keeps 1.
  fileprivate func matrix(carryingBias carries: Bool, isLast: Bool) -> ExactMatrix {
    let weights = blocks[0].weights
    if !carries { return weights }
    let (m, n) = (weights.rows, weights.columns)
    if weights.holdsDoublesOnly, bias.holdsDoublesOnly {
      var elements: [Double] = []
      elements.reserveCapacity((m + 1) * (n + 1))
      for i in 0..<m {
        elements += weights.nearest.row(i)
        elements.append(bias.nearest.elements[i])
      }
      if !isLast { elements += Array(repeating: 0, count: n) + [1] }
      return ExactMatrix(Matrix(rows: isLast ? m : m + 1, columns: n + 1, elements: elements))
    }
    var elements: [Dyadic] = []
    for i in 0..<m {
      elements += (0..<n).map { weights[i, $0] }
      elements.append(bias[i, 0])
    }
    if !isLast { elements += Array(repeating: .zero, count: n) + [.one] }
    return ExactMatrix(rows: isLast ? m : m + 1, columns: n + 1, elements: elements)
  }
}

extension LayerNorms {
  /// The norms of a matrix, and of its difference from another; without one from 0, but for the row that keeps 1.
  fileprivate init(
    _ layer: Int, _ matrix: ExactMatrix, _ initial: ExactMatrix?, _ alone: SpectralNorm?, carriesUnit: Bool,
    _ gramLimit: Int
  ) {
    let spectral = SpectralNorm(of: matrix, gramLimit: gramLimit)
    let sizes = matrix.magnitudesAbove
    let (m, n) = (matrix.rows, matrix.columns)
    let distance: Matrix<Double>
    if let initial {
      distance = Matrix(
        rows: m, columns: n,
        elements: zip(matrix.nearest.elements, initial.nearest.elements).enumerated().map { place, pair in
          if pair.0 == pair.1, matrix.corrections[place] == initial.corrections[place] { return 0 }
          let gap = (pair.0 - pair.1).magnitude
          // The entries themselves are known up to a relative 2^-53, or 2^-1075.
          return (gap + 0x1p-52 * (pair.0.magnitude + pair.1.magnitude) + 0x1p-1070).nextUp
        })
    } else if carriesUnit {
      var elements = sizes.elements
      elements[m * n - 1] = 0
      distance = Matrix(rows: m, columns: n, elements: elements)
    } else {
      distance = sizes
    }
    self.init(
      layer: layer, rows: m, columns: n,
      spectral: spectral, weightSpectral: alone ?? spectral, frobenius: sizes.frobeniusAbove,
      twoOne: sizes.twoOneAbove, oneInfinity: sizes.oneInfinityAbove, distanceTwoOne: distance.twoOneAbove,
      distanceOneInfinity: distance.oneInfinityAbove, distanceFrobenius: distance.frobeniusAbove)
  }
}

extension ExactMatrix {
  /// Upper bounds of the magnitudes of the entries.
  var magnitudesAbove: Matrix<Double> {
    var result = nearest
    for i in result.elements.indices { result.elements[i] = result.elements[i].magnitude }
    for (place, value) in corrections { result.elements[place] = value.interval.magnitude }
    return result
  }
}
