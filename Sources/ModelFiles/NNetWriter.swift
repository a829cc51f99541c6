import LinearAlgebra
import Networks

/// Writes `.nnet` files.
enum NNetWriter {
  /// The text of a multilayer perceptron: shortest decimals that read back as the same doubles.
  ///
  /// The normalisation is the identity (mean 0, range 1). The input box is the network's domain; without one
  /// it is the range of float32, which NNet's own exporters write, and which Crease reads as no box.
  static func bytes(
    of layers: [(weights: Matrix<Double>, bias: [Double])], domain: InputDomain?
  ) -> [UInt8] {
    let widths = [layers[0].weights.columns] + layers.map(\.bias.count)
    let inputs = widths[0]
    let widest = "\(Double(Float.greatestFiniteMagnitude))"
    var text = "// Written by Crease\n"
    text += "\(layers.count),\(inputs),\(widths[layers.count]),\(widths.max() ?? 0),\n"
    text += line(widths.map(String.init)) + "0,\n"
    let box = domain?.enclosure
    text += line(box?.map { "\($0.lower)" } ?? Array(repeating: "-\(widest)", count: inputs))
    text += line(box?.map { "\($0.upper)" } ?? Array(repeating: widest, count: inputs))
    text += line(Array(repeating: "0.0", count: inputs + 1))
    text += line(Array(repeating: "1.0", count: inputs + 1))
    for (weights, bias) in layers {
      for i in 0..<weights.rows { text += line(weights.row(i).map { "\($0)" }) }
      for value in bias { text += line(["\(value)"]) }
    }
    return Array(text.utf8)
  }

  private static func line(_ items: [String]) -> String { items.joined(separator: ",") + ",\n" }
}
