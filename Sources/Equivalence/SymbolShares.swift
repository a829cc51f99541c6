/// For each symbol of a neuron how its width is shared among the coordinates: as that of the form it relaxes.
struct SymbolShares: Sendable {
  private let coordinates: Int
  private var shares: [[[Double]]] = [[], [], [], []]
  private var splits: [[Split?]] = [[], [], [], []]

  init(coordinates: Int) { self.coordinates = coordinates }

  /// Notes the next symbol of an origin, which relaxes a row, and the neuron whose sign would make it needless.
  mutating func append(
    _ origin: AffineForms.Symbols, relaxing forms: AffineForms, row: Int, split: Split?
  ) {
    splits[origin.rawValue].append(split)
    let weights = weights(of: forms, row: row)
    let total = weights.reduce(0, +)
    shares[origin.rawValue].append(
      total > 0 && total.isFinite ? weights.map { $0 / total } : weights.map { _ in 0 })
  }

  /// How many symbols of an origin there are.
  func count(of origin: AffineForms.Symbols) -> Int { splits[origin.rawValue].count }

  /// How many neurons of both networks are relaxed.
  var unsettled: Int { count(of: .first) + count(of: .second) }

  /// The neuron whose relaxation has most of a row's width, and how much.
  func largest(of forms: AffineForms, row i: Int) -> (split: Split, coefficient: Double)? {
    var result: (split: Split, coefficient: Double)?
    for position in 1..<forms.segments.count {
      let segment = forms.segments[position]
      for k in 0..<segment.columns {
        let coefficient = segment[i, k].magnitude
        guard coefficient > result?.coefficient ?? 0, let split = splits[position][k] else { continue }
        result = (split, coefficient)
      }
    }
    return result
  }

  /// The parts of a row's width that come through each coordinate.
  func weights(of forms: AffineForms, row i: Int) -> [Double] {
    var weights = (0..<coordinates).map { forms.segments[0][i, $0 + 1].magnitude }
    for position in 1..<forms.segments.count {
      let segment = forms.segments[position]
      for k in 0..<segment.columns {
        let coefficient = segment[i, k].magnitude
        if coefficient == 0 { continue }
        let share = shares[position][k]
        for c in weights.indices { weights[c] += coefficient * share[c] }
      }
    }
    return weights
  }
}
