import Networks

/// A straight line through the inputs, followed from one activation region to the next.
///
/// Walking finds the small regions that points at random miss, on both sides of every kink that it meets. One evaluation
/// just behind a kink tells the pattern there and the next kink.
///
/// - Exactness: each pattern is certain, that of a point with coordinates in doubles; where the line goes is rounded.
struct LineWalk: Sendable {
  private let trace: SignTrace
  /// The most regions visited on a line.
  private let regionLimit: Int

  init(_ network: Network) {
    trace = SignTrace(network)
    regionLimit = 4 * network.hiddenNeuronCount + 64
  }

  /// A region on the line.
  struct Stop {
    let pattern: ActivationPattern
    /// The middle of the line's part in the region, as far as rounding tells.
    let point: [Double]
  }

  /// The points origin + t · direction for t in a range.
  struct Line: Sendable {
    let origin: [Double]
    let direction: [Double]
    let range: ClosedRange<Double>

    func point(_ t: Double) -> [Double] {
      var x = origin
      for c in x.indices { x[c] += t * direction[c] }
      return x
    }
  }

  /// The regions that a line meets between the sides of a box, if there is one; and how many points lay on a kink.
  func regions(on line: Line, in sides: [ClosedRange<Double>]?) -> (stops: [Stop], kinks: Int) {
    func isInside(_ point: [Double]) -> Bool {
      guard let sides else { return point.allSatisfy(\.isFinite) }
      return zip(sides, point).allSatisfy { $0.contains($1) }
    }
    let range = line.range
    var stops: [Stop] = []
    var kinks = 0
    var workspace = trace.workspace
    // A hair inside, where a box begins.
    var t = range.lowerBound + 1e-9 * (range.upperBound - range.lowerBound)
    for _ in 0..<regionLimit where t <= range.upperBound {
      let x = line.point(t)
      let pattern = trace.pattern(at: x, along: line.direction, &workspace)
      let end = min(range.upperBound, t + workspace.distance)
      if isInside(x) {
        if let pattern {
          stops.append(Stop(pattern: pattern, point: line.point(0.5 * t + 0.5 * end)))
        } else {
          kinks += 1
        }
      }
      if end >= range.upperBound { break }
      t = end + 1e-9 * (1 + end.magnitude)
    }
    return (stops, kinks)
  }
}
