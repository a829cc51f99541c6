import ExactArithmetic
import Networks

extension BoxReplay {
  /// What the forms of one part say.
  struct Part {
    /// Enclosures of f − g.
    var differences: [Form] = []
    /// Enclosures of f − g as intervals, at least as narrow.
    var ranges: [Interval] = []
    /// Enclosures of the pre-activations of the first network, layer by layer, outputs last.
    var preactivations: [[Interval]] = []
    /// Forms that are at least 0 on the part.
    var known: [Form] = []
    /// Whether no point has the signs of the part, so that all that is said of its points holds.
    var isEmpty = false
    /// The outputs of both networks.
    var first: [Form] = []
    var second: [Form] = []
  }

  /// The enclosures over a part of the domain.
  ///
  /// - Parameter usesTriangles: whether linear programs bound the neurons, with h ≥ 0 and h ≥ z of those before.
  func part(_ box: [Interval], signs: [KnownSign] = [], usesTriangles: Bool = false) -> Part {
    var pass = Pass(replay: self, box: box, signs: signs, usesTriangles: usesTriangles)
    return pass.run()
  }

  /// A sign that the neurons of a part are taken to have.
  struct KnownSign: Hashable, Sendable {
    /// 0 for the first network, 1 for the second.
    let network: Int
    /// From 0.
    let layer: Int
    let index: Int
    /// Whether z ≥ 0; else z ≤ 0.
    var isActive: Bool
  }

  /// One pass over both networks.
  private struct Pass {
    let replay: BoxReplay
    let inputs: [Form]
    let box: [Interval]
    var signalsA: [[Form]]
    var signalsB: [[Form]]
    var differences: [[Form]] = []
    var symbolCount: Int
    let signs: [KnownSign]
    let usesTriangles: Bool
    var known: [Form] = []
    var isEmpty = false

    init(replay: BoxReplay, box: [Interval], signs: [KnownSign], usesTriangles: Bool) {
      self.replay = replay
      self.signs = signs
      self.usesTriangles = usesTriangles
      self.box = box
      symbolCount = box.count
      inputs = box.enumerated().map { k, side in
        var terms = Array(repeating: 0.0, count: k + 2)
        // Half of a subnormal number may be no double.
        let centre = side.lower < side.upper ? side.lower / 2 + side.upper / 2 : side.lower
        terms[0] = centre
        if side.lower < side.upper {
          terms[k + 1] = max((side.upper - centre).nextUp, (centre - side.lower).nextUp)
        }
        return Form(terms: terms, slack: 0)
      }
      signalsA = [inputs]
      signalsB = [inputs]
    }

    mutating func run() -> Part {
      var (rangesA, rangesB): ([[Interval]], [[Interval]]) = ([], [])
      // By turns, so that what the signs of one network say is known when the other's next layer is bounded.
      for position in 0..<max(replay.a.layers.count, replay.b.layers.count) where !isEmpty {
        if position < replay.a.layers.count { rangesA.append(follow(0, position, \.signalsA, rangesA)) }
        if position < replay.b.layers.count { rangesB.append(follow(1, position, \.signalsB, rangesB)) }
      }
      if isEmpty { return Part(isEmpty: true) }
      var part = Part(preactivations: rangesA, known: known)
      for (index, pair) in replay.pairs.enumerated() {
        let conditions = Conditions(known, columns: symbolCount + pair.rows.count + 1)
        let isOutput = index == replay.pairs.count - 1
        var forms: [Form] = []
        for (k, row) in pair.rows.enumerated() {
          let t = rangesA[pair.first - 1][row.first]
          let u = rangesB[pair.second - 1][row.second] * Interval(row.scale)
          let d = combine(replay.rows[index][k])
          let range = met(d.range, t - u)
          let h = signalsA[pair.first][row.first]
          let direct = subtract(h, row.scale, signalsB[pair.second][row.second])
          if isOutput {
            let isDirect = direct.radius + direct.slack < d.radius + d.slack
            forms.append(isDirect ? direct : d)
            part.ranges.append(met(met(forms[k].range, range), conditions.range(of: forms[k])))
          } else {
            forms.append(difference(d, range, t, u, direct))
          }
        }
        differences.append(forms)
      }
      part.differences = differences[differences.count - 1]
      part.first = signalsA[signalsA.count - 1]
      part.second = signalsB[signalsB.count - 1]
      return part
    }

    private func met(_ x: Interval, _ y: Interval) -> Interval {
      let (low, high) = (max(x.lower, y.lower), min(x.upper, y.upper))
      return low <= high ? Interval(low, high) : x
    }

    /// Adds the signals of the next layer of a network; gives the ranges of its pre-activations: those of the forms,
    /// narrowed by interval arithmetic on the ranges before and by signs.
    private mutating func follow(
      _ number: Int, _ position: Int, _ signals: WritableKeyPath<Pass, [[Form]]>, _ before: [[Interval]]
    ) -> [Interval] {
      let network = number == 0 ? replay.a : replay.b
      let layer = network.layers[position]
      let z = combine(layer, self[keyPath: signals])
      let conditions = Conditions(known, columns: symbolCount + 1)
      var ranges = (0..<layer.width).map { i in
        let plain = layer.blocks.reduce(layer.bias[i, 0].interval) { sum, block in
          let isExact = block.weights.holdsDoublesOnly
          return (0..<block.weights.columns).reduce(sum) { partial, j in
            let weight = block.weights.nearest[i, j]
            if weight == 0, isExact { return partial }
            let source = block.source == 0 ? box[j] : before[block.source - 1][j].rectified
            return partial + (isExact ? Interval(weight) : block.weights[i, j].interval) * source
          }
        }
        let range = met(z[i].range, plain)
        return range.lower < 0 && range.upper > 0 ? met(range, conditions.range(of: z[i])) : range
      }
      for sign in signs where sign.network == number && sign.layer == position {
        let range = ranges[sign.index]
        if sign.isActive {
          if range.upper < 0 { isEmpty = true }
          if range.lower < 0 { known.append(z[sign.index]) }
          ranges[sign.index] = Interval(max(range.lower, 0), max(range.upper, 0))
        } else {
          if range.lower > 0 { isEmpty = true }
          if range.upper > 0 { known.append(z[sign.index].negated) }
          ranges[sign.index] = Interval(min(range.lower, 0), min(range.upper, 0))
        }
      }
      let isOutput = position == network.layers.count - 1
      self[keyPath: signals].append(isOutput ? z : rectified(z, ranges))
      return ranges
    }

    // MARK: Sums

    private func combine(_ layer: Network.Layer, _ signals: [[Form]]) -> [Form] {
      (0..<layer.width).map { i in
        var sum = Sum()
        for block in layer.blocks {
          let weights = block.weights.nearest
          for j in 0..<weights.columns {
            let weight = weights[i, j]
            if weight == 0, block.weights.holdsDoublesOnly { continue }
            sum.add(weight == 0 ? Double.leastNonzeroMagnitude : weight, signals[block.source][j])
          }
        }
        return sum.closed(layer.bias.nearest[i, 0])
      }
    }

    private func combine(_ row: Row) -> Form {
      var sum = Sum()
      for (signal, weight) in row.entries {
        switch signal {
        case .input(let k): sum.add(weight, inputs[k])
        case .first(let layer, let k): sum.add(weight, signalsA[layer][k])
        case .second(let layer, let k): sum.add(weight, signalsB[layer][k])
        case .difference(let pair, let k): sum.add(weight, differences[pair][k])
        }
      }
      return sum.closed(row.bias)
    }

    private func subtract(_ x: Form, _ scale: Double, _ y: Form) -> Form {
      var sum = Sum()
      sum.add(1, x)
      sum.add(-scale, y)
      return sum.closed(0)
    }

    // MARK: Relaxations

    /// slope · form + [low, high], the width as a new symbol.
    private mutating func line(_ form: Form, _ slope: Double, _ low: Double, _ high: Double) -> Form {
      if slope == 1, low == 0, high == 0 { return form }
      var sum = Sum()
      if slope != 0 { sum.add(slope, form) }
      let shift = low / 2 + high / 2
      var result = sum.closed(shift)
      let width = max((high - shift).nextUp, (shift - low).nextUp)
      symbolCount += 1
      result.terms += repeatElement(0, count: symbolCount + 1 - result.terms.count)
      if width.isFinite { result.terms[symbolCount] = width } else { result.slack = .infinity }
      return result
    }

    private mutating func rectified(_ forms: [Form], _ ranges: [Interval]) -> [Form] {
      var result: [Form] = []
      for (form, range) in zip(forms, ranges) {
        if range.upper <= 0 {
          result.append(Form(terms: [0], slack: 0))
        } else if range.lower >= 0 {
          result.append(form)
        } else {
          // Below the chord, above slope · t.
          let slope = range.upper / (range.upper - range.lower)
          let isKnown = slope.isFinite && slope >= 0 && slope <= 1 && range.upper.isFinite
          let top = max((slope * -range.lower).nextUp, ((1 - slope).nextUp * range.upper).nextUp)
          let h = line(form, isKnown ? slope : 0, 0, isKnown ? top : range.upper)
          result.append(h)
          if usesTriangles { known += [h, subtract(h, 1, form)] }
        }
      }
      return result
    }

    /// max(t, 0) − max(u, 0) with d = t − u, each in its interval.
    private mutating func difference(
      _ form: Form, _ d: Interval, _ t: Interval, _ u: Interval, _ direct: Form
    ) -> Form {
      if t.upper <= 0, u.upper <= 0 { return Form(terms: [0], slack: 0) }
      if d.lower == 0, d.upper == 0 { return Form(terms: [0], slack: 0) }
      if t.lower >= 0, u.lower >= 0 { return form }
      var choice = (slope: 0.0, low: -Double.infinity, high: Double.infinity)
      if d.lower.isFinite, d.upper.isFinite {
        let share = max(t.upper, u.upper) / (max(t.upper, u.upper) - min(t.lower, u.lower))
        for slope in [0.5, 0, 1, share] where slope >= 0 && slope <= 1 {
          let (low, high) = strip(slope, d, t, u)
          let ratio = (high - low) / (choice.high - choice.low)
          let isEqual = (ratio - 1).magnitude <= 1e-9
          if isEqual ? slope > choice.slope : ratio < 1 { choice = (slope, low, high) }
        }
      }
      let width = choice.high / 2 - choice.low / 2
      if direct.radius + direct.slack < choice.slope * (form.radius + form.slack) + width { return direct }
      return line(form, choice.slope, choice.low, choice.high)
    }

    /// The least strip of a slope that holds the difference: both its bounds bend only at the points listed.
    private func strip(
      _ slope: Double, _ d: Interval, _ t: Interval, _ u: Interval
    ) -> (low: Double, high: Double) {
      let (top, bottom) = (max(t.upper, 0), max(u.upper, 0))
      let (left, right) = (min(t.lower, 0), min(u.lower, 0))
      var (low, high) = (Double.infinity, -Double.infinity)
      let bends = [0, top, -bottom, left, -right, top + left, -bottom - right]
      for x in [d.lower, d.upper] + bends.filter({ d.lower < $0 && $0 < d.upper }) {
        high = max(high, min(max(x, 0), min(top, x - left)) - slope * x)
        low = min(low, max(min(x, 0), max(-bottom, x + right)) - slope * x)
      }
      let margin = d.magnitude * 0x1p-48 + 0x1p-1050
      return (low - margin, high + margin)
    }
  }

  /// A sum of multiples of forms, with a bound of its rounding.
  private struct Sum {
    private var terms: [Double] = [0]
    private var size = 0.0
    private var slack = 0.0
    private var count = 0
    // Of the forms by themselves: a weight that underflows is off by a share of these.
    private var reach = 0.0

    mutating func add(_ weight: Double, _ form: Form) {
      if terms.count < form.terms.count {
        terms += repeatElement(0, count: form.terms.count - terms.count)
      }
      terms.withUnsafeMutableBufferPointer { terms in
        form.terms.withUnsafeBufferPointer { source in
          for k in 0..<source.count { terms[k] += weight * source[k] }
        }
      }
      let formSize = form.size
      reach += formSize + form.slack
      size += weight.magnitude * formSize
      slack += weight.magnitude * form.slack
      count += 1
    }

    /// The sum and a constant that is within 2^-53 of the exact one.
    func closed(_ constant: Double) -> Form {
      var result = Form(terms: terms, slack: 0)
      result.terms[0] += constant
      let unit = 0x1p-53 * Double(2 * count + 20)
      let floor = 0x1p-1060 * Double(count + 1) * (Double(terms.count) + reach)
      let bound = slack * (1 + unit) + unit * (size + constant.magnitude) + floor
      result.slack = (bound * (1 + 2 * unit + 0x1p-40)).nextUp
      if !(result.slack + result.size).isFinite { result = Form(terms: [0], slack: .infinity) }
      return result
    }
  }
}
