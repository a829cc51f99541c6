import ExactArithmetic

extension BoxReplay.Form {
  /// The negative.
  var negated: BoxReplay.Form { BoxReplay.Form(terms: terms.map { -$0 }, slack: slack) }

  /// The range where some forms are at least 0: r ≤ r + Σ λ a for λ ≥ 0, and the same for −r.
  func range(given known: [BoxReplay.Form]) -> Interval {
    let usable = known.filter { $0.slack.isFinite }
    if usable.isEmpty || !slack.isFinite { return range }
    let high = upper(given: usable)
    let low = -negated.upper(given: usable)
    return low <= high ? Interval(low, high) : range
  }

  /// An upper bound where some forms are at least 0.
  ///
  /// Twice through the forms, for each the best multiple: where the bound, which is convex, stops falling.
  private func upper(given known: [BoxReplay.Form]) -> Double {
    var multiples = Array(repeating: 0.0, count: known.count)
    var sum = self
    for k in Array(known.indices) + known.indices {
      // All others, without this one.
      sum.add(known[k], times: -multiples[k])
      multiples[k] = sum.bestMultiple(of: known[k])
      sum.add(known[k], times: multiples[k])
    }
    // Anew, with a bound of the rounding.
    var total = self
    var size = self.size
    for (form, multiple) in zip(known, multiples) where multiple > 0 {
      total.add(form, times: multiple)
      total.slack += multiple * form.slack
      size += multiple * form.size
    }
    let unit = 0x1p-52 * Double(2 * known.count + 2 * total.terms.count + 20)
    let bound = total.terms[0] + total.radius + total.slack + unit * (size + total.slack) + 0x1p-1000
    return bound.isFinite ? bound.nextUp : .infinity
  }

  private mutating func add(_ other: BoxReplay.Form, times factor: Double) {
    if factor == 0 { return }
    if terms.count < other.terms.count {
      terms += repeatElement(0, count: other.terms.count - terms.count)
    }
    for k in other.terms.indices { terms[k] += factor * other.terms[k] }
  }

  /// The factor ≥ 0 for which the bound of this form plus that multiple is least, found by halving.
  private func bestMultiple(of other: BoxReplay.Form) -> Double {
    func rises(at factor: Double) -> Bool {
      var slope = other.terms[0] + other.slack
      for k in 1..<max(other.terms.count, 1) where other.terms[k] != 0 {
        let own = k < terms.count ? terms[k] : 0
        let value = own + factor * other.terms[k]
        // To the right of a bend the magnitude grows.
        let isPositive = value == 0 ? other.terms[k] > 0 : value > 0
        slope += isPositive ? other.terms[k] : -other.terms[k]
      }
      return slope >= 0
    }
    if rises(at: 0) { return 0 }
    var high = 0.0
    for k in 1..<max(other.terms.count, 1) where other.terms[k] != 0 && k < terms.count {
      high = max(high, -terms[k] / other.terms[k])
    }
    high *= 1 + 0x1p-40
    guard high.isFinite, rises(at: high) else { return 0 }
    var low = 0.0
    for _ in 0..<64 {
      let middle = low / 2 + high / 2
      if rises(at: middle) { high = middle } else { low = middle }
    }
    return high
  }
}
