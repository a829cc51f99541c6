import ExactArithmetic

/// An affine enclosure of a function of one number: slope · t + shift ± radius.
///
/// - Exactness: proved; rounded so that the enclosure only grows.
struct Relaxation: Hashable, Sendable {
  /// The factor of the number.
  var slope: Double
  /// What is added.
  var shift: Double
  /// How far the function may be off.
  var radius: Double

  /// The number itself.
  static let identity = Relaxation(slope: 1, shift: 0, radius: 0)
  /// Zero.
  static let zero = Relaxation(slope: 0, shift: 0, radius: 0)

  /// The enclosure between lower and upper bounds of function − slope · t.
  init(slope: Double, from lower: Double, to upper: Double) {
    self.slope = slope
    shift = lower / 2 + upper / 2
    radius = max((upper - shift).nextUp, (shift - lower).nextUp, 0)
  }

  private init(slope: Double, shift: Double, radius: Double) {
    (self.slope, self.shift, self.radius) = (slope, shift, radius)
  }

  /// max(t, 0) for t in an interval: the parallel enclosure of least width.
  init(rectifying range: Interval) {
    if range.upper <= 0 {
      self = .zero
    } else if range.lower >= 0 {
      self = .identity
    } else if !range.lower.isFinite || !range.upper.isFinite {
      self = Relaxation(slope: 0, shift: 0, radius: .infinity)
    } else {
      // For any slope in [0, 1], max(t, 0) − slope t lies between 0 and its larger value at the two ends.
      let slope = range.upper / (range.upper - range.lower)
      let height = max((-slope * range.lower).nextUp, ((1 - slope).nextUp * range.upper).nextUp)
      self = Relaxation(slope: slope, from: 0, to: height)
    }
  }

  /// max(t, 0) − max(u, 0) as a function of d = t − u, for t, u and d in intervals.
  ///
  /// The difference lies between 0 and d, in [−u⁺, t⁺], and differs from d by max(−t, 0) − max(−u, 0). These bounds
  /// are piecewise linear in d; of a few slopes the one with the narrowest enclosure is taken.
  init(difference d: Interval, first t: Interval, second u: Interval) {
    if (t.upper <= 0 && u.upper <= 0) || (d.lower == 0 && d.upper == 0) {
      self = .zero
      return
    }
    if t.lower >= 0, u.lower >= 0 {
      self = .identity
      return
    }
    guard d.lower.isFinite, d.upper.isFinite else {
      self = Relaxation(slope: 0, shift: 0, radius: .infinity)
      return
    }
    let corners = DifferenceCorners(d, t, u)
    let share = max(t.upper, u.upper) / (max(t.upper, u.upper) - min(t.lower, u.lower))
    var best = corners.enclosure(slope: 0.5)
    for slope in [0, 1, share] where slope.isFinite && slope >= 0 && slope <= 1 {
      let other = corners.enclosure(slope: slope)
      // Of equally narrow ones the steeper line keeps more of what the rows have in common.
      let ratio = other.radius / best.radius
      if ratio < 1 - 1e-9 || (ratio <= 1 + 1e-9 && other.slope > best.slope) { best = other }
    }
    self = best
  }
}

/// The bounds of max(t, 0) − max(u, 0) over d = t − u: piecewise linear, so their corners tell.
private struct DifferenceCorners {
  let d: Interval
  let t: Interval
  let u: Interval
  private let corners: [Double]

  init(_ d: Interval, _ t: Interval, _ u: Interval) {
    self.d = d
    self.t = t
    self.u = u
    let inner = [
      0, max(t.upper, 0), -max(u.upper, 0), min(t.lower, 0), -min(u.lower, 0),
      max(t.upper, 0) + min(t.lower, 0), -max(u.upper, 0) - min(u.lower, 0),
    ]
    corners = [d.lower, d.upper] + inner.filter { $0 > d.lower && $0 < d.upper }
  }

  /// The enclosure with a slope in [0, 1].
  ///
  /// Between corners the bounds are linear. Corners and chosen values lie within ±|d|, so each rounding is within
  /// 2^-53 |d|, and with slopes of at most 1 a corner that is off changes a value by no more than that.
  func enclosure(slope: Double) -> Relaxation {
    var (lower, upper) = (Double.infinity, -Double.infinity)
    for x in corners {
      let above = min(max(0, x), max(t.upper, 0), x - min(t.lower, 0))
      let below = max(min(0, x), -max(u.upper, 0), x + min(u.lower, 0))
      upper = max(upper, above - slope * x)
      lower = min(lower, below - slope * x)
    }
    let margin = d.magnitude * 0x1p-49 + 0x1p-1060
    return Relaxation(slope: slope, from: lower - margin, to: upper + margin)
  }
}
