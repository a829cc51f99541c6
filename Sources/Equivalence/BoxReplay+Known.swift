import ExactArithmetic
import Polyhedra

extension BoxReplay.Form {
  /// The negative.
  var negated: BoxReplay.Form { BoxReplay.Form(terms: terms.map { -$0 }, slack: slack) }
}

extension BoxReplay {
  /// Forms that are at least 0 on a part, and what they say about others.
  ///
  /// For multiples λ ≥ 0, r ≤ r + Σ λ a. The multiples come from a linear program that proves nothing; the bound is
  /// computed from the forms.
  struct Conditions {
    private let forms: [Form]
    private let count: Int
    private let program: BoxedMaximum

    /// - Parameter columns: how many terms a form has at most.
    init(_ forms: [Form], columns: Int) {
      let forms = forms.filter { $0.slack.isFinite }
      self.forms = forms
      count = columns
      program = BoxedMaximum(conditions: forms.map { Conditions.padded($0, columns, slack: $0.slack) })
    }

    private static func padded(_ form: Form, _ columns: Int, slack: Double) -> [Double] {
      [form.terms[0] + slack] + form.terms.dropFirst()
        + repeatElement(0, count: columns - form.terms.count)
    }

    /// The range of a form; its own where nothing more is known, or no point meets the conditions.
    func range(of form: Form) -> Interval {
      let own = form.range
      if forms.isEmpty || !form.slack.isFinite { return own }
      let high = min(own.upper, upper(form))
      let low = max(own.lower, -upper(form.negated))
      return low <= high ? Interval(low, high) : own
    }

    private func upper(_ form: Form) -> Double {
      let multiples = program.multipliers(for: Conditions.padded(form, count, slack: 0))
      var total = Array(repeating: 0.0, count: count)
      var (size, rest) = (0.0, 0.0)
      for (part, multiple) in zip([form] + forms, [1] + multiples) where multiple > 0 {
        for k in part.terms.indices { total[k] += multiple * part.terms[k] }
        size += multiple * part.size
        rest += multiple * part.slack
      }
      let radius = total.dropFirst().reduce(0) { $0 + $1.magnitude }
      let unit = 0x1p-52 * Double(2 * forms.count + 2 * count + 20)
      let bound = total[0] + radius + rest + unit * (size + rest) + 0x1p-1000
      return bound.isFinite ? bound.nextUp : .infinity
    }
  }
}
