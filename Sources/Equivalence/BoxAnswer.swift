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
  /// For i ≠ j, f_i − f_j ≥ margin and g_j ≥ g_i at one point would be a disagreement. One of the two forms, or their
  /// sum, that cannot be so large excludes it.
  init(_ bounds: PairedBounds, margin: Double) {
    let (f, g) = (bounds.first, bounds.second)
    let rangesF = f.ranges()
    let best = rangesF.map(\.lower).max() ?? 0
    let leaders = rangesF.indices.filter { rangesF[$0].upper >= best }
    let d = bounds.outputs
    let sizes = [f, g, d].map { forms in
      zip(forms.radii(), 0..<forms.rows).map { $0 + forms.centre($1).magnitude }
    }
    var symbols = d.symbolCounts
    for forms in [f, g] { symbols = zip(symbols, forms.symbolCounts).map { max($0, $1) } }
    var worst = -Double.infinity
    var kept: AffineForms?
    for i in leaders {
      for j in rangesF.indices where j != i {
        func form(_ forms: AffineForms, _ sizes: [Double], _ a: Int, _ b: Int) -> (AffineForms, Double) {
          var builder = FormBuilder(symbols: symbols, origin: .difference, newSymbols: 0)
          builder.append(forms, a, minus: 1, times: forms, b, size: sizes[a] + sizes[b])
          let row = builder.forms
          return (
            row,
            min(
              row.ranges()[0].upper,
              bounds.known.applied(to: row, isThorough: true).upperBound(row: 0, sign: 1))
          )
        }
        let lead = form(f, sizes[0], i, j)
        if lead.1 < margin { continue }
        let other = form(g, sizes[1], j, i)
        if other.1 < 0 { continue }
        let sum = form(d, sizes[2], i, j)
        let bound = min((lead.1 - margin).nextUp, other.1, (sum.1 - margin).nextUp)
        if bound > worst {
          worst = bound
          kept = [lead, other, sum].min { $0.1 < $1.1 }?.0
        }
      }
    }
    forms = kept ?? d
    widest = kept == nil ? nil : 0
    upper = worst
  }
}
