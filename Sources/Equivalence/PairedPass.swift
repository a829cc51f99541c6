import ExactArithmetic
import LinearAlgebra
import Networks

/// One pass through both networks.
struct PairedPass {
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
