import ExactArithmetic
import Networks

/// What is asked about two networks on a box.
enum PairedQuestion: Hashable, Sendable {
  /// How large |f − g| gets.
  case difference
  /// Whether g has the largest output that f has, wherever f's softmax gives it more than `confidence`, for which it
  /// has to lead by `margin`.
  case sameLargest(margin: Double, confidence: Double)
  /// How far an output of f gets above that of g.
  case excess
}

/// What one part of the domain gives to a question.
struct BoxAnswer: Sendable {
  /// A proved upper bound of what is asked: of |f − g|, or of how far the largest outputs are from agreeing, which
  /// they do where it is negative; or of the excess, which may be negative.
  let upper: Double
  /// For a difference or an excess the bound for each output.
  let perOutput: [Double]
  /// What the part may be divided by.
  let splits: SplitChoice
  /// Points of the box that promise a large difference.
  let candidates: [[Double]]

  /// The answer over a part of the domain; negatively infinite where that holds no point.
  init(_ question: PairedQuestion, _ pair: PairedNetworks, over part: DomainPart) {
    guard let bounds = PairedBounds(pair, over: part) else {
      upper = -.infinity
      perOutput = Array(repeating: -.infinity, count: pair.f.outputCount)
      (splits, candidates) = (SplitChoice(), [])
      return
    }
    let box = part.box
    let (forms, row): (AffineForms, Int?)
    switch question {
    case .difference:
      let magnitudes = bounds.differences.map(\.magnitude)
      row = magnitudes.indices.max { magnitudes[$0] < magnitudes[$1] }
      forms = bounds.outputs
      upper = row.map { magnitudes[$0] } ?? 0
      perOutput = magnitudes
    case .excess:
      let tops = bounds.differences.map(\.upper)
      row = tops.indices.max { tops[$0] < tops[$1] }
      forms = bounds.outputs
      upper = row.map { tops[$0] } ?? -.infinity
      perOutput = tops
    case .sameLargest(let margin, _):
      perOutput = []
      let contest = LargestOutputs(bounds, margin: margin)
      (forms, row, upper) = (contest.forms, contest.widest, contest.upper)
    }
    guard let row else {
      (splits, candidates) = (SplitChoice(), [])
      return
    }
    splits = bounds.splits(for: forms, row: row, of: part)
    let middle = box.map(\.middle)
    let sign = question == .difference && forms.centre(row) < 0 ? -1.0 : 1.0
    let corner = box.indices.map { c in
      let slope = sign * forms.segments[0][row, c + 1]
      return slope > 0 ? box[c].upper : slope < 0 ? box[c].lower : middle[c]
    }
    candidates = [middle, corner]
  }
}

/// Whether the largest outputs of two networks can disagree on a box.
private struct LargestOutputs {
  /// The form that says most about the pair of outputs that is furthest from being settled.
  let forms: AffineForms
  let widest: Int?
  /// Negative where they agree.
  let upper: Double

  /// The pair of outputs that is furthest from being settled.
  ///
  /// At a disagreement f_i leads all others by the margin, and g_j, j ≠ i, is not below any other. The smallest of
  /// these differences, and of the sum (f_i − f_j) + (g_j − g_i), tells how far that is from being excluded.
  init(_ bounds: PairedBounds, margin: Double) {
    let contest = Contest(bounds)
    let count = bounds.outputs.rows
    let leads = (0..<count).map { contest.least(.first, $0, above: margin) }
    let rivals = (0..<count).map { contest.least(.second, $0, above: 0) }
    var worst: Contest.Difference?
    for (i, lead) in leads.enumerated() where !(lead.upper < 0) {
      for (j, rival) in rivals.enumerated() where j != i && !(rival.upper < 0) {
        let sum = contest.difference(.both, i, j, above: margin)
        let least = [lead, rival, sum].min { $0.upper < $1.upper } ?? sum
        if least.upper > worst?.upper ?? -.infinity { worst = least }
      }
    }
    forms = worst?.row ?? bounds.outputs
    widest = worst == nil ? nil : 0
    upper = worst?.upper ?? -.infinity
  }

  /// Differences of outputs of the first network, of the second, and of both.
  private struct Contest {
    enum Side { case first, second, both }

    /// A row, and a bound of how far it gets above a number.
    struct Difference {
      let row: AffineForms
      let upper: Double
    }

    private let bounds: PairedBounds
    private let symbols: [Int]

    init(_ bounds: PairedBounds) {
      self.bounds = bounds
      symbols = [bounds.first, bounds.second].reduce(bounds.outputs.symbolCounts) {
        zip($0, $1.symbolCounts).map { max($0, $1) }
      }
    }

    /// The difference of output i and another that gets least above a number; of one output nothing is known.
    func least(_ side: Side, _ i: Int, above number: Double) -> Difference {
      let others = (0..<bounds.outputs.rows).filter { $0 != i }
      return others.map { difference(side, i, $0, above: number) }.min { $0.upper < $1.upper }
        ?? Difference(row: bounds.outputs, upper: .infinity)
    }

    func difference(_ side: Side, _ i: Int, _ j: Int, above number: Double) -> Difference {
      let forms =
        switch side {
        case .first: bounds.first
        case .second: bounds.second
        case .both: bounds.outputs
        }
      let radii = forms.radii()
      let size = [i, j].reduce(0) { $0 + radii[$1] + forms.centre($1).magnitude }
      var builder = FormBuilder(symbols: symbols, origin: .difference, newSymbols: 0)
      builder.append(forms, i, minus: 1, times: forms, j, size: size)
      let row = builder.forms
      let known = bounds.known.applied(to: row, isThorough: true).upperBound(row: 0, sign: 1)
      return Difference(row: row, upper: (min(row.ranges()[0].upper, known) - number).nextUp)
    }
  }
}
