import ExactArithmetic
import LinearAlgebra
import Networks

/// Bounds of two networks and of their difference over one part of a box, from zonotopes in common symbols.
///
/// Layer by layer, each network's signals and the differences of paired signals are enclosed by affine forms. A
/// neuron that changes sign is relaxed; the difference of two paired neurons is relaxed as a function of the
/// difference of their pre-activations, or taken from the two neurons' own forms, whichever is narrower. A neuron
/// whose sign is known on the part is linear or 0, and its pre-activation's sign narrows what follows.
///
/// - Exactness: proved for the stored weights; a rounded `Lowering` is not included.
/// - Complexity: O(parameters · symbols): the inputs, and a symbol for each neuron that changes sign.
/// - Reference: zonotopes [SGMPV18]; differences of paired neurons [PWY20], [TKB24].
struct PairedBounds: Sendable {
  /// Enclosures of f − g, output by output.
  let differences: [Interval]
  /// The outputs of the first network.
  let first: AffineForms
  /// The outputs of the second network.
  let second: AffineForms
  /// For each output the form that bounds its difference.
  let outputs: AffineForms
  /// What is known of signs on the part.
  let known: KnownSigns
  private let shares: SymbolShares

  /// The bounds over a part; nil where it is proved to hold no point.
  init?(_ pair: PairedNetworks, over part: DomainPart) {
    var pass = PairedPass(pair, part)
    pass.run()
    if pass.isEmpty { return nil }
    known = pass.known
    let last = pass.differences.count - 1
    first = pass.firstForms[pair.f.layers.count]
    second = pass.secondForms[pair.g.layers.count]
    // The outputs are not rectified: the difference of the outputs' own forms is the alternative.
    let rows = PairedPass.narrower(
      pass.differences[last], pass.differenceRanges[last], first, second, pair.pairs[last].rows)
    outputs = rows.forms
    var differences: [Interval] = []
    let signs = known.applied(to: outputs, isThorough: true)
    if signs.isImpossible { return nil }
    for (i, range) in rows.ranges.enumerated() {
      guard let narrowed = signs.narrowed(range, row: i) else { return nil }
      differences.append(narrowed)
    }
    self.differences = differences
    shares = pass.shares
  }

  /// The bounds over a box.
  init?(_ pair: PairedNetworks, over box: [Interval]) { self.init(pair, over: DomainPart(box: box)) }

  /// What the part may be divided by, so that a row gets narrower.
  ///
  /// A neuron's sign removes its relaxation; half a coordinate takes its share of all relaxations off.
  func splits(for forms: AffineForms, row: Int, of part: DomainPart) -> SplitChoice {
    let weights = shares.weights(of: forms, row: row)
    let possible = part.box.indices.filter { DomainPart.middle(of: part.box[$0]) != nil }
    return SplitChoice(
      coordinate: possible.max { weights[$0] < weights[$1] }.map {
        SplitChoice.Promise(
          split: .coordinate($0), gain: weights[$0] - forms.segments[0][row, $0 + 1].magnitude)
      },
      neuron: shares.largest(of: forms, row: row).map {
        SplitChoice.Promise(split: $0.split, gain: $0.coefficient)
      }, unsettled: shares.unsettled)
  }
}

extension Interval {
  /// Whether both ends are finite.
  var isFinite: Bool { lower.isFinite && upper.isFinite }

  /// A number of the interval, about halfway; of a point the point, whose half may be no double.
  var middle: Double { lower == upper ? lower : lower / 2 + upper / 2 }

  /// The numbers in both of two enclosures of one number; the first where rounding has parted them.
  func met(_ other: Interval) -> Interval {
    let (low, high) = (max(lower, other.lower), min(upper, other.upper))
    return low <= high ? Interval(low, high) : self
  }

  /// The multiples of the numbers by a positive factor.
  func scaled(by factor: Double) -> Interval { factor == 1 ? self : self * Interval(factor) }
}
