import ExactArithmetic
import Polyhedra

extension BoxReplay.Form {
  /// The negative.
  var negated: BoxReplay.Form { BoxReplay.Form(terms: terms.map { -$0 }, slack: slack) }

  /// The range where some forms are at least 0: r ≤ r + Σ λ a for λ ≥ 0, and the same for −r.
  ///
  /// Without points it is whatever the bounds say, or the form's own range.
  func range(given known: [BoxReplay.Form]) -> Interval {
    let usable = known.filter { $0.slack.isFinite }
    if usable.isEmpty || !slack.isFinite { return range }
    let high = upper(given: usable)
    let low = -negated.upper(given: usable)
    return low <= high ? Interval(low, high) : range
  }

  /// An upper bound where some forms are at least 0.
  ///
  /// The multiples come from a linear program that proves nothing; the bound is computed from the forms.
  private func upper(given known: [BoxReplay.Form]) -> Double {
    let count = (known + [self]).map(\.terms.count).max() ?? 1
    func padded(_ form: BoxReplay.Form, _ slack: Double) -> [Double] {
      [form.terms[0] + slack] + form.terms.dropFirst() + repeatElement(0, count: count - form.terms.count)
    }
    let program = BoxedMaximum(conditions: known.map { padded($0, $0.slack) })
    let multiples = program.multipliers(for: padded(self, 0))
    var total = Array(repeating: 0.0, count: count)
    var (size, rest) = (0.0, 0.0)
    for (form, multiple) in zip([self] + known, [1] + multiples) where multiple > 0 {
      for k in form.terms.indices { total[k] += multiple * form.terms[k] }
      size += multiple * form.size
      rest += multiple * form.slack
    }
    let radius = total.dropFirst().reduce(0) { $0 + $1.magnitude }
    let unit = 0x1p-52 * Double(2 * known.count + 2 * count + 20)
    let bound = total[0] + radius + rest + unit * (size + rest) + 0x1p-1000
    return bound.isFinite ? bound.nextUp : .infinity
  }
}
