import ExactArithmetic
import LinearAlgebra

/// A ReLU network in normal form: every hidden neuron is one ReLU, everything linear is folded into the weights.
///
/// With h₀ = x,
///
///     z_l = Σ_{k<l} W_{l,k} h_k + b_l,   h_l = max(z_l, 0)   for hidden layers l = 1, …, L−1,
///     y   = Σ_{k<L} W_{L,k} h_k + b_L.
///
/// A layer may read any earlier layer and the input (*skip blocks*); a multilayer perceptron has only the blocks
/// W_{l,l−1}. Batch normalisation, residual sums, reshapes and linear layers leave no trace here.
///
/// - Exactness: the entries are exact dyadic numbers, so the real function of the network is well defined; where
///   reading had to round (``Lowering``), the network says by how much.
public struct Network: Hashable, Sendable {
  /// The number of inputs n₀.
  public let inputCount: Int
  /// The hidden layers in order, then the output layer.
  public let layers: [Layer]
  /// The number format of the file, coarsest first where a file mixes several.
  public let storage: StoragePrecision
  /// Whether the layers are the file's function exactly, or within a proved bound.
  public let lowering: Lowering
  /// The input domain that came with the file, if any.
  public let domain: InputDomain?

  /// The network with the given layers, the last of which is the output.
  ///
  /// - Requires: at least one layer; each block reads an earlier layer of its width, each layer at most once.
  public init(
    inputCount: Int, layers: [Layer], storage: StoragePrecision = .float64, lowering: Lowering = .exact,
    domain: InputDomain? = nil
  ) {
    precondition(!layers.isEmpty, "a network needs an output layer")
    var widths = [inputCount]
    for (position, layer) in layers.enumerated() {
      for block in layer.blocks {
        precondition(
          block.source <= position, "layer \(position + 1) reads layer \(block.source), which is not earlier")
        precondition(
          block.weights.columns == widths[block.source],
          "layer \(position + 1) reads \(block.weights.columns) numbers from layer \(block.source) of width "
            + "\(widths[block.source])")
      }
      widths.append(layer.width)
    }
    self.inputCount = inputCount
    self.layers = layers
    self.storage = storage
    self.lowering = lowering
    self.domain = domain
  }

  /// The widths n₀, n₁, …, n_L: inputs, hidden layers, outputs.
  public var widths: [Int] { [inputCount] + layers.map(\.width) }

  /// The hidden layers.
  public var hiddenLayers: ArraySlice<Layer> { layers.dropLast() }

  /// The output layer.
  public var outputLayer: Layer { layers[layers.count - 1] }

  /// The number of outputs n_L.
  public var outputCount: Int { outputLayer.width }

  /// The number of hidden neurons.
  public var hiddenNeuronCount: Int { hiddenLayers.reduce(0) { $0 + $1.width } }

  /// The number of weights and biases of the normal form.
  public var parameterCount: Int {
    layers.reduce(0) { total, layer in
      total + layer.width + layer.blocks.reduce(0) { $0 + $1.weights.nearest.elements.count }
    }
  }

  /// Whether each layer reads only the layer before it: a multilayer perceptron.
  public var isSequential: Bool {
    layers.enumerated().allSatisfy { position, layer in layer.blocks.allSatisfy { $0.source == position } }
  }

  /// The same network with another default domain.
  public func with(domain: InputDomain?) -> Network {
    Network(inputCount: inputCount, layers: layers, storage: storage, lowering: lowering, domain: domain)
  }
}

extension Network {
  /// One layer: for hidden layers the affine map in front of the ReLUs, for the last layer the output map.
  public struct Layer: Hashable, Sendable {
    /// The blocks, by increasing source; at most one for each source, none where nothing is read.
    public let blocks: [Block]
    /// The biases, as a column.
    public let bias: ExactMatrix

    /// The layer with the given blocks, in any order.
    ///
    /// - Requires: every block has as many rows as `bias`; no two blocks read the same layer.
    public init(blocks: [Block], bias: ExactMatrix) {
      precondition(bias.columns == 1, "biases form one column, got \(bias.columns)")
      for block in blocks {
        precondition(
          block.weights.rows == bias.rows,
          "a block of \(block.weights.rows) rows in a layer of width \(bias.rows)")
      }
      self.blocks = blocks.sorted { $0.source < $1.source }
      precondition(
        zip(self.blocks, self.blocks.dropFirst()).allSatisfy { $0.source < $1.source },
        "a layer reads each source through one block")
      self.bias = bias
    }

    /// A layer of a multilayer perceptron: W h + b on the layer `source`.
    public init(weights: Matrix<Double>, bias: [Double], reading source: Int) {
      self.init(
        blocks: [Block(source: source, weights: ExactMatrix(weights))], bias: ExactMatrix(column: bias))
    }

    /// The number of neurons.
    public var width: Int { bias.rows }
  }

  /// The weights with which a layer reads one earlier layer.
  public struct Block: Hashable, Sendable {
    /// The layer that is read: 0 for the input, l for hidden layer l.
    public let source: Int
    /// The weights W_{l,k}: a row for each neuron of the reading layer, a column for each of the read one.
    public let weights: ExactMatrix

    /// The block reading layer `source` through `weights`.
    public init(source: Int, weights: ExactMatrix) {
      self.source = source
      self.weights = weights
    }
  }

  /// How the normal form relates to the function the file writes down.
  public enum Lowering: Hashable, Sendable {
    /// The entries are the exact ones.
    case exact
    /// An entry of row i of layer l (weights and bias alike) is within `rowErrors[l − 1][i]` of the exact one.
    ///
    /// Batch normalisation always gives this: it divides by a square root.
    case rounded(rowErrors: [[Double]])
  }
}

extension Network {
  /// The multilayer perceptron with the given weights (row per neuron) and biases, layer by layer.
  ///
  ///     let abs = Network(weights: [[[1], [-1]], [[1, 1]]], biases: [[0, 0], [0]])   // |x|
  ///
  /// - Requires: widths chain; a layer has as many biases as rows.
  public init(
    weights: [[[Double]]], biases: [[Double]], storage: StoragePrecision = .float64,
    domain: InputDomain? = nil
  ) {
    precondition(weights.count == biases.count, "\(weights.count) weights, \(biases.count) biases")
    let inputCount = weights.first?.first?.count ?? 0
    var width = inputCount
    var layers: [Layer] = []
    for (position, (rows, bias)) in zip(weights, biases).enumerated() {
      precondition(rows.allSatisfy { $0.count == width }, "layer \(position + 1) needs rows of \(width)")
      layers.append(
        Layer(
          weights: Matrix(rows: rows.count, columns: width, elements: rows.flatMap(\.self)), bias: bias,
          reading: position))
      width = rows.count
    }
    self.init(inputCount: inputCount, layers: layers, storage: storage, domain: domain)
  }
}
