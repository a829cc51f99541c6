import ExactArithmetic

/// Which of several half-spaces bound their intersection.
public enum Redundancy {
  /// The places of the half-spaces that are facets of their intersection, in increasing order.
  ///
  /// A half-space is left out when the others imply it; of several that are positive multiples of one another the
  /// first stays. What is left has the same intersection, and none of it can be spared.
  ///
  ///     // x ≥ 0, x ≥ 0 again, x ≥ −1, x ≤ 3: the first and the last.
  ///
  /// - Shapes: half-spaces of one dimension; the intersection may be unbounded.
  /// - Exactness: exact, filtered.
  /// - Requires: the intersection has interior points, see ``InteriorPoint``. One of them makes the work shorter.
  /// - Complexity: m questions to an ``ImplicationProgram``, O(m log m) rows pushed.
  public static func facets(of halfSpaces: [HalfSpace], interior: [Double]? = nil) -> [Int] {
    guard let dimension = halfSpaces.first?.dimension else { return [] }
    let exact = halfSpaces.map { $0.normal + [$0.offset] }
    let forms = exact.map { RoundedForm(rounding: $0) }
    let program = ImplicationProgram(dimension: dimension)
    var stack: [Int] = []

    /// Those of the range that the stack and the rest of the range do not imply. Later ones are dropped first.
    func needed(_ range: Range<Int>) -> [Int] {
      guard range.count > 1 else {
        guard let i = range.first else { return [] }
        let answer = program.answer(
          for: forms[i], interior: interior, exactForm: { exact[i] }, exactRow: { exact[stack[$0]] })
        return answer == .implied ? [] : [i]
      }
      let middle = range.lowerBound + range.count / 2
      let later = pushing(Array(range.lowerBound..<middle)) { needed(middle..<range.upperBound) }
      let earlier = pushing(later) { needed(range.lowerBound..<middle) }
      return earlier + later
    }

    func pushing(_ indices: [Int], _ body: () -> [Int]) -> [Int] {
      let depth = program.depth
      for i in indices {
        program.push(forms[i])
        stack.append(i)
      }
      defer {
        program.pop(to: depth)
        stack.removeLast(stack.count - depth)
      }
      return body()
    }

    return needed(0..<halfSpaces.count)
  }
}
