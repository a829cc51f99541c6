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

/// One pass through both networks.
private struct PairedPass {
  let pair: PairedNetworks
  let part: DomainPart
  let input: AffineForms
  var known = KnownSigns()
  /// Whether no point has the signs of the part.
  var isEmpty = false
  // By layer, inputs at 0: the signals' forms.
  var firstForms: [AffineForms]
  var secondForms: [AffineForms]
  var firstRanges: [[Interval]]
  var secondRanges: [[Interval]]
  // By pair of layers.
  var differences: [AffineForms] = []
  var differenceRanges: [[Interval]] = []
  var shares: SymbolShares

  init(_ pair: PairedNetworks, _ part: DomainPart) {
    self.pair = pair
    self.part = part
    let box = part.box
    input = AffineForms(box: box)
    firstForms = [input]
    secondForms = [input]
    firstRanges = [box]
    secondRanges = [box]
    shares = SymbolShares(coordinates: box.count)
  }

  mutating func run() {
    var (l, m) = (0, 0)
    for (index, layers) in pair.pairs.enumerated() {
      while l + 1 < layers.first {
        l += 1
        let z = open(.first, l)
        if isEmpty { return }
        close(first: l, z)
      }
      while m + 1 < layers.second {
        m += 1
        let y = open(.second, m)
        if isEmpty { return }
        close(second: m, y)
      }
      (l, m) = (layers.first, layers.second)
      let z = open(.first, l)
      let y = open(.second, m)
      if isEmpty { return }
      let d = combine(pair.differences[index])
      if index == pair.pairs.count - 1 {
        firstForms.append(z.forms)
        secondForms.append(y.forms)
        differences.append(d)
        differenceRanges.append(
          zip(d.ranges(), layers.rows).map { $0.met(z.ranges[$1.first] - y.ranges[$1.second]) })
        return
      }
      close(first: l, z)
      close(second: m, y)
      close(layers, d, z.ranges, y.ranges)
    }
  }

  private func forms(_ operand: PairedNetworks.Operand) -> AffineForms {
    switch operand {
    case .input: input
    case .first(let layer): firstForms[layer]
    case .second(let layer): secondForms[layer]
    case .difference(let index): differences[index]
    }
  }

  private func combine(_ rows: PairedNetworks.Rows) -> AffineForms {
    var counts = [input.symbolCounts[0], 0, 0, 0]
    for term in rows.terms {
      counts = zip(counts, forms(term.operand).symbolCounts).map { max($0, $1) }
    }
    var result = AffineForms(rows: rows.bias.count, symbols: counts)
    for term in rows.terms {
      result.add(term.weights, magnitudes: term.magnitudes, times: forms(term.operand), of: rows.termCount)
    }
    result.addToCentres(rows.bias)
    return result
  }

  /// The pre-activations of a layer: forms, and ranges that also know the signals' ranges.
  private mutating func open(
    _ side: DomainPart.Side, _ layer: Int
  ) -> (forms: AffineForms, ranges: [Interval]) {
    let rows = side == .first ? pair.layersF[layer - 1] : pair.layersG[layer - 1]
    let forms = combine(rows)
    let signals = side == .first ? firstRanges : secondRanges
    let plain = PairedPass.ranges(rows, signals)
    var ranges = zip(forms.ranges(), plain).map { $0.met($1) }
    if !known.isEmpty {
      let signs = known.applied(to: forms, isThorough: false)
      for i in ranges.indices where ranges[i].lower < 0 && ranges[i].upper > 0 {
        guard let narrowed = signs.narrowed(ranges[i], row: i) else {
          isEmpty = true
          break
        }
        ranges[i] = narrowed
      }
    }
    for sign in part.signs(side, ofLayer: layer) { note(sign, forms, &ranges) }
    return (forms, ranges)
  }

  /// Takes a sign as known.
  private mutating func note(
    _ sign: DomainPart.KnownSign, _ forms: AffineForms, _ ranges: inout [Interval]
  ) {
    let i = sign.neuron.index
    let range = ranges[i]
    if sign.isActive ? range.upper < 0 : range.lower > 0 {
      isEmpty = true
      return
    }
    if sign.isActive ? range.lower >= 0 : range.upper <= 0 { return }
    ranges[i] = sign.isActive ? Interval(0, range.upper) : Interval(range.lower, 0)
    known.append(forms, row: i, isActive: sign.isActive)
  }

  /// Interval arithmetic on the signals' ranges.
  private static func ranges(_ rows: PairedNetworks.Rows, _ signals: [[Interval]]) -> [Interval] {
    var centre = Matrix(rows: rows.bias.count, columns: 1, elements: rows.bias)
    let unit = AffineForms.unit(ofSum: rows.termCount)
    var spread = Matrix(rows: rows.bias.count, columns: 1, elements: rows.bias.map { $0.magnitude * unit })
    // What weights and products lose that underflow.
    var floor = 0x1p-1060 * Double(rows.termCount + 8)
    for term in rows.terms {
      let source: [Interval]
      switch term.operand {
      case .input: source = signals[0]
      case .first(let layer), .second(let layer): source = signals[layer]
      case .difference: continue
      }
      let middles = source.map { $0.isFinite ? $0.middle : 0 }
      for side in source { floor += 0x1p-1070 * side.magnitude }
      let widths = zip(source, middles).map { side, middle in
        side.isFinite
          ? max((side.upper - middle).nextUp, (middle - side.lower).nextUp) + unit * side.magnitude
            + 0x1p-1060
          : Double.infinity
      }
      if widths.contains(where: { !$0.isFinite }) {
        return Array(repeating: .everything, count: rows.bias.count)
      }
      term.weights.addProduct(
        with: Matrix(rows: middles.count, columns: 1, elements: middles), to: &centre)
      term.magnitudes.addProduct(
        with: Matrix(rows: widths.count, columns: 1, elements: widths), to: &spread)
    }
    return (0..<rows.bias.count).map { i in
      let wide = spread[i, 0] * (1 + 2 * unit) + 0x1p-51 * centre[i, 0].magnitude
      return AffineForms.interval(centre[i, 0], wide, floor)
    }
  }

  private mutating func close(first layer: Int, _ z: (forms: AffineForms, ranges: [Interval])) {
    firstForms.append(rectified(z, .first, layer))
    firstRanges.append(z.ranges.map(\.rectified))
  }

  private mutating func close(second layer: Int, _ z: (forms: AffineForms, ranges: [Interval])) {
    secondForms.append(rectified(z, .second, layer))
    secondRanges.append(z.ranges.map(\.rectified))
  }

  private mutating func rectified(
    _ z: (forms: AffineForms, ranges: [Interval]), _ side: DomainPart.Side, _ layer: Int
  ) -> AffineForms {
    let origin = side == .first ? AffineForms.Symbols.first : .second
    let relaxations = z.ranges.map { Relaxation(rectifying: $0) }
    let known = shares.count(of: origin)
    for (i, relaxation) in relaxations.enumerated() where relaxation.radius > 0 {
      let split = Split.neuron(side, Neuron(layer: layer, index: i))
      shares.append(origin, relaxing: z.forms, row: i, split: split)
    }
    return z.forms.relaxed(by: relaxations, as: origin, after: known)
  }

  /// The neuron of a pair that still changes sign.
  private func split(_ layers: LayerPairing, _ row: LayerPairing.Row, _ z: [Interval], _ y: [Interval])
    -> Split?
  {
    if z[row.first].lower < 0, z[row.first].upper > 0 {
      return .neuron(.first, Neuron(layer: layers.first, index: row.first))
    }
    if y[row.second].lower < 0, y[row.second].upper > 0 {
      return .neuron(.second, Neuron(layer: layers.second, index: row.second))
    }
    return nil
  }

  /// The differences of paired signals.
  private mutating func close(
    _ layers: LayerPairing, _ d: AffineForms, _ z: [Interval], _ y: [Interval]
  ) {
    let (h, k) = (firstForms[layers.first], secondForms[layers.second])
    let own = d.ranges()
    let ranges = zip(own, layers.rows).map { range, row in
      range.met(z[row.first] - y[row.second].scaled(by: row.scale))
    }
    let relaxations = zip(ranges, layers.rows).map { range, row in
      Relaxation(difference: range, first: z[row.first], second: y[row.second].scaled(by: row.scale))
    }
    let (radiiD, radiiH, radiiK) = (d.radii(), h.radii(), k.radii())
    var counts = d.symbolCounts
    for forms in [h, k] { counts = zip(counts, forms.symbolCounts).map { max($0, $1) } }
    let place = AffineForms.Symbols.difference.rawValue
    counts[place] = max(counts[place], shares.count(of: .difference))
    var builder = FormBuilder(
      symbols: counts, origin: .difference, newSymbols: relaxations.count { $0.radius > 0 })
    for (p, row) in layers.rows.enumerated() {
      let relaxation = relaxations[p]
      let spread = relaxation.slope * (radiiD[p] + d.slack[p]) + relaxation.radius
      if relaxation.radius > 0 || relaxation.slope == 0 || relaxation == .identity {
        let direct =
          relaxation == .zero || relaxation == .identity
          ? Double.infinity
          : PairedPass.radius(h, row.first, minus: row.scale, k, row.second)
        if direct < spread {
          let size =
            radiiH[row.first] + h.centre(row.first).magnitude
            + row.scale * (radiiK[row.second] + k.centre(row.second).magnitude)
          builder.append(h, row.first, minus: row.scale, times: k, row.second, size: size)
          if relaxation.radius > 0 {
            builder.skipSymbol()
            shares.append(.difference, relaxing: d, row: p, split: split(layers, row, z, y))
          }
          continue
        }
      }
      builder.append(d, p, relaxation, radius: radiiD[p])
      if relaxation.radius > 0 {
        shares.append(.difference, relaxing: d, row: p, split: split(layers, row, z, y))
      }
    }
    differences.append(builder.forms)
    differenceRanges.append(ranges)
  }

  /// The spread of the difference of two rows.
  private static func radius(
    _ first: AffineForms, _ i: Int, minus scale: Double, _ second: AffineForms, _ j: Int
  ) -> Double {
    var sum = first.slack[i] + scale * second.slack[j]
    for position in first.segments.indices {
      let (a, b) = (first.segments[position], second.segments[position])
      for k in (position == 0 ? 1 : 0)..<max(a.columns, b.columns, 1) {
        let x = k < a.columns ? a.elements[i * a.columns + k] : 0
        let y = k < b.columns ? b.elements[j * b.columns + k] : 0
        sum += (x - scale * y).magnitude
      }
    }
    return sum
  }

  /// For each output the narrower of its difference's form and the difference of the outputs' forms.
  static func narrower(
    _ d: AffineForms, _ known: [Interval], _ h: AffineForms, _ k: AffineForms,
    _ rows: [LayerPairing.Row]
  ) -> (forms: AffineForms, ranges: [Interval]) {
    let (radiiD, radiiH, radiiK) = (d.radii(), h.radii(), k.radii())
    var counts = d.symbolCounts
    for forms in [h, k] { counts = zip(counts, forms.symbolCounts).map { max($0, $1) } }
    var builder = FormBuilder(symbols: counts, origin: .difference, newSymbols: 0)
    for (p, row) in rows.enumerated() {
      if radius(h, row.first, minus: row.scale, k, row.second) < radiiD[p] + d.slack[p] {
        let size =
          radiiH[row.first] + h.centre(row.first).magnitude
          + row.scale * (radiiK[row.second] + k.centre(row.second).magnitude)
        builder.append(h, row.first, minus: row.scale, times: k, row.second, size: size)
      } else {
        builder.append(d, p, .identity, radius: radiiD[p])
      }
    }
    let forms = builder.forms
    return (forms, zip(forms.ranges(), known).map { $0.met($1) })
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
