import ExactArithmetic
import LinearAlgebra
import Networks

/// A set of vectors whose sum is a given one, found by halves.
///
/// Each vector goes to its image under a random linear map to the integers modulo 2⁶¹ − 1. A sum that is right has the
/// right image; so where no image is right, no sum is. A set with the right image is checked exactly.
///
/// - Exactness: exact, both ways.
/// - Complexity: O(2^{n/2}) sums for n vectors, and as much memory.
enum VanishingSum {
  /// What was found.
  enum Finding: Hashable {
    /// No set has the sum.
    case none
    /// A set has it; of those found, one of the fewest vectors.
    case set([Int])
    /// There are too many vectors.
    case tooMany
  }

  /// The most vectors.
  static let limit = 36

  /// A set of vectors with the sum `target`; the empty set counts only if `allowsEmpty`.
  ///
  /// - Shapes: all vectors have the same number of entries.
  static func find(
    _ vectors: [[Dyadic]], target: [Dyadic], allowsEmpty: Bool = false, seed: UInt64 = 1
  ) -> Finding {
    func isRight(_ set: [Int]) -> Bool {
      target.indices.allSatisfy { entry in
        (set.reduce(Dyadic.zero) { $0 + vectors[$1][entry] } - target[entry]).isZero
      }
    }
    if allowsEmpty, isRight([]) { return .set([]) }
    guard vectors.count <= limit else { return .tooMany }
    var rng = SplitMix64(seed: seed)
    // A chance of 2⁻²⁵ at most that one image misleads; then another one is taken.
    for _ in 0..<8 {
      let functional = target.indices.map { _ in
        Mersenne61(UInt64.random(in: 0..<Mersenne61.prime, using: &rng))
      }
      func image(_ vector: [Dyadic]) -> Mersenne61 {
        zip(vector, functional).reduce(Mersenne61.zero) { $0 + $1.0.residue * $1.1 }
      }
      let images = vectors.map(image)
      let half = vectors.count / 2
      let low = sums(Array(images[..<half]))
      let high = sums(Array(images[half...]))
      // For each image the mask of fewest vectors, nonempty ones apart.
      var known: [Mersenne61: UInt64] = [:]
      known.reserveCapacity(low.count)
      for (mask, sum) in low.enumerated() {
        let mask = UInt64(mask)
        if known[sum].map({ $0.nonzeroBitCount > mask.nonzeroBitCount }) ?? true { known[sum] = mask }
      }
      let wanted = image(target)
      var best: UInt64?
      func offer(_ mask: UInt64) {
        if mask == 0, !allowsEmpty { return }
        if best.map({ $0.nonzeroBitCount > mask.nonzeroBitCount }) ?? true { best = mask }
      }
      for (mask, sum) in high.enumerated() {
        if let other = known[wanted - sum] { offer(UInt64(mask) << UInt64(half) | other) }
      }
      // The empty set stands in the way of other sets of the same image in the lower half.
      if !allowsEmpty, wanted == .zero {
        for (mask, sum) in low.enumerated() where mask != 0 && sum == .zero { offer(UInt64(mask)) }
      }
      guard let best else { return .none }
      let set = vectors.indices.filter { best >> UInt64($0) & 1 == 1 }
      if isRight(set) { return .set(set) }
    }
    return .tooMany
  }

  /// A set of vectors whose sum, less `target`, is a multiple of `line`.
  static func find(
    _ vectors: [[Dyadic]], target: [Dyadic], modulo line: [Dyadic], seed: UInt64 = 1
  ) -> Finding {
    // Crossed with the line, multiples of it vanish.
    let pivot = line.firstIndex { !$0.isZero } ?? 0
    func crossed(_ vector: [Dyadic]) -> [Dyadic] {
      vector.indices.filter { $0 != pivot }.map { vector[$0] * line[pivot] - vector[pivot] * line[$0] }
    }
    return find(vectors.map(crossed), target: crossed(target), allowsEmpty: true, seed: seed)
  }

  /// The sums of all subsets, by their masks.
  private static func sums(_ images: [Mersenne61]) -> [Mersenne61] {
    var sums = [Mersenne61.zero]
    sums.reserveCapacity(1 << images.count)
    for image in images { sums += sums.map { $0 + image } }
    return sums
  }
}
