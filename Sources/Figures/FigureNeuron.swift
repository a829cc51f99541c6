/// A neuron as a figure names it: layers count from 1, neurons within a layer from 0.
///
///     FigureNeuron(layer: 2, index: 13).description   // "layer 2, neuron 13"
public struct FigureNeuron: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The hidden layer, counted from 1.
  public var layer: Int
  /// The place within the layer, counted from 0.
  public var index: Int

  /// The neuron of the given layer and index.
  public init(layer: Int, index: Int) {
    self.layer = layer
    self.index = index
  }

  /// The words a reader sees.
  public var description: String { "layer \(layer), neuron \(index)" }

  /// Whether `left` comes before `right`: by layer, then by index.
  public static func < (left: FigureNeuron, right: FigureNeuron) -> Bool {
    (left.layer, left.index) < (right.layer, right.index)
  }

  /// The layers that occur in `lists`, increasing, each with its number of neurons.
  static func layers(of lists: some Sequence<[FigureNeuron]>) -> [(layer: Int, neurons: Int)] {
    var names = Set<FigureNeuron>()
    for list in lists { names.formUnion(list) }
    var counts: [Int: Int] = [:]
    for name in names { counts[name.layer, default: 0] += 1 }
    return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

extension [FigureNeuron] {
  /// The neurons in words, those of one layer together: "layer 1, neurons 3 and 7; layer 2, neuron 0".
  var inWords: String {
    let sorted = self.sorted()
    var parts: [String] = []
    var start = 0
    while start < sorted.count {
      let end = sorted[start...].firstIndex { $0.layer != sorted[start].layer } ?? sorted.count
      let names = sorted[start..<end].map { String($0.index) }
      let list =
        names.count == 1
        ? names[0] : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
      parts.append("layer \(sorted[start].layer), neuron\(names.count == 1 ? "" : "s") \(list)")
      start = end
    }
    return parts.joined(separator: "; ")
  }
}
