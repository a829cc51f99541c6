/// A set of numbers below a bound, kept for its largest element: a tree of words, each bit of which tells whether the
/// word below it is nonzero.
///
/// - Complexity: O(log₆₄ n) for each operation.
struct BitTree {
  /// The words of each level, the elements themselves first.
  private var levels: [[UInt64]]

  /// The empty set of numbers below `bound`.
  init(bound: Int) {
    levels = []
    var count = max(1, bound)
    repeat {
      count = (count + 63) / 64
      levels.append(Array(repeating: 0, count: count))
    } while count > 1
  }

  /// The largest element.
  var largest: Int? {
    guard levels[levels.count - 1][0] != 0 else { return nil }
    var place = 0
    for level in levels.indices.reversed() {
      place = place * 64 + 63 - levels[level][place].leadingZeroBitCount
    }
    return place
  }

  /// Puts a number in if it is not there, takes it out if it is.
  mutating func toggle(_ element: Int) {
    var place = element
    for level in levels.indices {
      let word = place >> 6
      let before = levels[level][word]
      let after = before ^ 1 << UInt64(place & 63)
      levels[level][word] = after
      // Above, only whether the word is zero is known.
      if (before == 0) == (after == 0) { return }
      place = word
    }
  }
}
