/// What the name of a tensor says: which layer, weight or bias, and which axis of a weight is the input.
struct TensorRole {
  /// How a weight matrix lies.
  enum Orientation: Hashable {
    /// Outputs × inputs: PyTorch's `weight`.
    case outputsFirst
    /// Inputs × outputs: Keras's and Flax's `kernel`, scikit-learn's `coefs`.
    case inputsFirst
    /// Outputs × inputs unless only the other reading chains: `W0`.
    case usuallyOutputsFirst
    /// The name does not say: `linear/w`.
    case unknown
  }

  /// Weight or bias.
  enum Kind: Hashable {
    case weight(Orientation)
    case bias
  }

  /// Weight or bias.
  let kind: Kind
  /// The layer: the texts of the name without role and numbers, in order.
  let layerTexts: [String]
  /// The numbers in the name, in order: 9 comes before 10, and none before any.
  let layerNumbers: [Int]

  private static let kinds: [String: Kind] = [
    "weight": .weight(.outputsFirst), "weights": .weight(.outputsFirst),
    "kernel": .weight(.inputsFirst), "kernels": .weight(.inputsFirst),
    "coef": .weight(.inputsFirst), "coefs": .weight(.inputsFirst),
    "W": .weight(.usuallyOutputsFirst), "w": .weight(.unknown),
    "bias": .bias, "biases": .bias, "b": .bias, "B": .bias, "intercept": .bias, "intercepts": .bias,
  ]

  /// The role of a tensor of this name, or nil where the name says nothing.
  init?(_ name: String) {
    // Keras ends names with `:0`.
    let stem = name.hasSuffix(":0") ? name.dropLast(2) : name[...]
    var pieces = TensorRole.pieces(of: stem)
    // The role is the last text, with nothing or the layer's numbers after it.
    guard let last = pieces.lastIndex(where: { $0.number == nil }) else { return nil }
    let word = pieces[last].text
    guard let kind = TensorRole.kinds[word] ?? TensorRole.kinds[word.lowercased()] else { return nil }
    if case .weight(.unknown) = kind, last == 0 {
      self.kind = .weight(.usuallyOutputsFirst)
    } else {
      self.kind = kind
    }
    pieces.remove(at: last)
    layerTexts = pieces.filter { $0.number == nil }.map(\.text)
    layerNumbers = pieces.compactMap(\.number)
  }

  /// Splits `dense_10/kernel` into `dense`, 10, `kernel`.
  private static func pieces(of name: Substring) -> [(text: String, number: Int?)] {
    var pieces: [(text: String, number: Int?)] = []
    var current = ""
    var isNumber = false
    func close() {
      if !current.isEmpty { pieces.append((current, isNumber ? Int(current) ?? .max : nil)) }
      current = ""
    }
    for character in name.unicodeScalars {
      if "./_:[]() ".unicodeScalars.contains(character) {
        close()
        continue
      }
      let digit = ("0"..."9").contains(character)
      if digit != isNumber { close() }
      isNumber = digit
      current.unicodeScalars.append(character)
    }
    close()
    return pieces
  }

  /// 0 for a first layer by name, 2 for a last one, 1 for all others.
  var rank: Int {
    guard let text = layerTexts.last?.lowercased() else { return 1 }
    if ["in", "input", "first", "embedding", "stem"].contains(text) { return 0 }
    if ["out", "output", "outputs", "last", "final", "head", "readout", "logits", "predictions"].contains(
      text)
    {
      return 2
    }
    return 1
  }
}
