extension Cell {
  /// The facets of the cell, each by the mask of all constraints tight on it.
  ///
  /// Facets are the maximal faces. In a simple cell every constraint in use is one. Otherwise a constraint may touch the
  /// cell in less than a facet, and several may share one.
  ///
  /// - Returns: the masks, `words` for each facet, in the order of the first slot of each.
  func facetMasks(dimension: Int, into masks: inout [UInt64]) {
    masks.removeAll(keepingCapacity: true)
    if isSimple {
      for word in 0..<words {
        var used = usedSlots(word: word)
        while used != 0 {
          for other in 0..<words { masks.append(other == word ? used & (~used &+ 1) : 0) }
          used &= used - 1
        }
      }
      return
    }
    // For each slot in use the set of its vertices.
    let setWords = (count + 63) / 64
    var slotNumbers: [Int] = []
    var sets: [[UInt64]] = []
    for word in 0..<words {
      var used = usedSlots(word: word)
      while used != 0 {
        let bit = used & (~used &+ 1)
        slotNumbers.append(word * 64 + used.trailingZeroBitCount)
        used &= used - 1
        var set = Array(repeating: UInt64(0), count: setWords)
        for v in 0..<count where self.masks[v * words + word] & bit != 0 {
          set[v >> 6] |= 1 << UInt64(v & 63)
        }
        sets.append(set)
      }
    }
    for i in sets.indices {
      var isFacet = true
      for j in sets.indices where j != i && isFacet {
        if zip(sets[i], sets[j]).allSatisfy({ $0 & ~$1 == 0 }) {
          // Contained: kept only when the two are equal and this is the first of them.
          isFacet = sets[i] == sets[j] && i < j
        }
      }
      guard isFacet else { continue }
      var mask = Array(repeating: ~UInt64(0), count: words)
      for v in 0..<count where sets[i][v >> 6] >> UInt64(v & 63) & 1 == 1 {
        for word in 0..<words { mask[word] &= self.masks[v * words + word] }
      }
      masks += mask
    }
  }
}
