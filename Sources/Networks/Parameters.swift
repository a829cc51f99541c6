import ExactArithmetic

/// The parameters θ of a network, in the order of a layout.
///
/// - Exactness: exact.
public struct Parameters: Hashable, Sendable {
  /// The names of the parameters.
  public let layout: ParameterLayout
  /// The values, one for each name.
  public var values: [Dyadic]

  /// The parameters with the given values.
  ///
  /// - Requires: as many values as the layout has names.
  public init(layout: ParameterLayout, values: [Dyadic]) {
    precondition(values.count == layout.count, "\(values.count) values for \(layout.count) parameters")
    self.layout = layout
    self.values = values
  }

  /// The number of parameters D.
  public var count: Int { values.count }

  /// The value of a named parameter.
  ///
  /// - Requires: the layout has the name.
  public subscript(_ name: ParameterLayout.Name) -> Dyadic {
    get { values[index(name)] }
    set { values[index(name)] = newValue }
  }

  private func index(_ name: ParameterLayout.Name) -> Int {
    guard let index = layout.index(of: name) else { preconditionFailure("there is no \(name)") }
    return index
  }
}

extension Network {
  /// The parameters θ: all weights of the normal form and all biases.
  ///
  /// - Complexity: O(parameters).
  public var parameters: Parameters {
    let layout = ParameterLayout(of: self)
    var values: [Dyadic] = []
    values.reserveCapacity(layout.count)
    for layer in layers {
      for i in 0..<layer.width {
        for block in layer.blocks {
          let row = i * block.weights.columns
          for j in 0..<block.weights.columns { values.append(block.weights[at: row + j]) }
        }
        values.append(layer.bias[i, 0])
      }
    }
    return Parameters(layout: layout, values: values)
  }

  /// The network of the same architecture with other parameters.
  ///
  ///     network.with(parameters: network.parameters) == network
  ///
  /// - Requires: the layout is this network's; every value rounds to a finite double.
  public func with(parameters: Parameters) -> Network {
    let layout = ParameterLayout(of: self)
    precondition(parameters.layout == layout, "parameters of another architecture")
    let changed = zip(layers, layout.layers).map { layer, shape in
      func column(_ place: Int, width: Int) -> ExactMatrix {
        ExactMatrix(
          rows: layer.width, columns: width,
          elements: (0..<layer.width).flatMap { i in
            let start = shape.start + i * shape.rowLength + place
            return parameters.values[start..<start + width]
          })
      }
      return Layer(
        blocks: shape.sources.map {
          Block(source: $0.layer, weights: column($0.offset, width: $0.width))
        }, bias: column(shape.weightCount, width: 1))
    }
    return Network(
      inputCount: inputCount, layers: changed, storage: storage, lowering: lowering, domain: domain)
  }
}
