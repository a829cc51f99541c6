import LinearAlgebra
import Networks

extension Network {
  /// The network with every hidden neuron in `copies` equal copies, scaled so that plain gradient descent trains it as it trains this one.
  ///
  /// Definition: the copies of v share its work: w/√k from inputs, w/k between hidden layers, w/√k to the outputs, b/√k in hidden
  /// layers. The map from parameters to parameters keeps lengths, and what it reaches is closed under gradients: so a step of
  /// any size goes to the copy of the step here, with or without weight decay and momentum. The network is k times as wide, has
  /// more parameters and a smaller log volume ratio, and learns exactly as fast: what helps a wide network is that its neurons differ.
  ///
  /// - Exactness: entries are rounded to doubles, exact where `copies` is a power of 4.
  /// - Requires: the network is sequential; a positive number of copies.
  public func tied(copies: Int) -> Network {
    precondition(isSequential, "only multilayer perceptrons are copied")
    precondition(copies > 0, "\(copies) copies")
    let root = Double(copies).squareRoot()
    let widths = self.widths
    return Network(
      inputCount: inputCount,
      layers: layers.enumerated().map { l, layer in
        let (isFirst, isLast) = (l == 0, l == layers.count - 1)
        let (rowCopies, columnCopies) = (isLast ? 1 : copies, isFirst ? 1 : copies)
        let scale = (isLast ? 1 : root) * (isFirst ? 1 : root)
        var weights = Matrix(
          repeating: 0.0, rows: layer.width * rowCopies, columns: widths[l] * columnCopies)
        for i in 0..<weights.rows {
          for j in 0..<weights.columns {
            let entry = layer.blocks.first?.weights.nearest[i / rowCopies, j / columnCopies] ?? 0
            weights[i, j] = entry / scale
          }
        }
        let bias = (0..<weights.rows).map {
          layer.bias.nearest[$0 / rowCopies, 0] / (isLast ? 1 : root)
        }
        return Layer(weights: weights, bias: bias, reading: l)
      }, storage: .float64)
  }
}
